#!/usr/bin/env python3
"""Edits a report in a word processor as its reader would, and looks whether its numbering,
captions, references and contents hold.

usage: word_edits.py FILE.docx [SAVED.docx]

Needs LibreOffice and its Python bridge (Debian: libreoffice-writer python3-uno); says so and
ends well where they are not installed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

try:
    import uno
    from com.sun.star.beans import PropertyValue
    from com.sun.star.text.ControlCharacter import PARAGRAPH_BREAK
except ImportError:
    print("the Python bridge of LibreOffice is not installed: skipped")
    sys.exit(0)

CHINESE = "一二三四五六七八九十"


def office():
    """Starts an office of our own; gives its desktop and how to end it."""
    home = tempfile.mkdtemp(prefix="jianpai-office-")
    pipe = f"jianpai{os.getpid()}"
    program = shutil.which("soffice")
    if program is None:
        print("LibreOffice is not installed: skipped")
        sys.exit(0)
    running = subprocess.Popen(
        [program, f"-env:UserInstallation=file://{home}", "--headless", "--norestore",
         f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(
                f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except Exception:
            time.sleep(0.25)
    else:
        sys.exit("LibreOffice does not answer")
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context)

    def end():
        try:
            desktop.terminate()
        except Exception:
            pass
        running.wait(30)
        shutil.rmtree(home, ignore_errors=True)

    return desktop, end


def hidden(**values):
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def each(enumerable):
    walk = enumerable.createEnumeration()
    while walk.hasMoreElements():
        yield walk.nextElement()


def paragraphs(document):
    return [p for p in each(document.Text) if p.supportsService("com.sun.star.text.Paragraph")]


def headings(document):
    found = [p for p in paragraphs(document) if p.OutlineLevel == 1]
    return [(p.ListLabelString, p.String) for p in found]


def is_caption(paragraph):
    return paragraph.ParaStyleName.lower() == "caption"


def captions(document, words):
    """The words of captions and their numbers, in the order of the text."""
    found = []
    for p in paragraphs(document):
        if is_caption(p):
            match = re.match(r"(\S+) (\d+)\s", p.String + " ")
            if match and match[1] in words:
                found.append((match[1], int(match[2])))
    return found


def check(document, step):
    """Headings count on, captions count on, the contents list all headings."""
    all_headings = headings(document)
    for i, (label, text) in enumerate(all_headings):
        wanted = (f"{CHINESE[i]}、", str(i + 1))
        assert label.strip() in wanted, f"{step}: heading {text} is {label!r}, not {wanted}"
    words = {word for word, _ in captions(document, {"表", "图", "Table", "Figure"})}
    for word in words:
        numbers = [n for w, n in captions(document, words) if w == word]
        assert numbers == list(range(1, len(numbers) + 1)), f"{step}: {word} {numbers}"
    return len(all_headings), {w: len([1 for v, _ in captions(document, words) if v == w]) for w in words}


def refresh(document):
    document.TextFields.refresh()
    for i in range(document.DocumentIndexes.Count):
        document.DocumentIndexes.getByIndex(i).update()


def insert_before(document, paragraph, text, style):
    at = document.Text.createTextCursorByRange(paragraph.Start)
    document.Text.insertControlCharacter(at, PARAGRAPH_BREAK, False)
    at.goLeft(1, False)
    at.ParaStyleName = style
    document.Text.insertString(at, text, False)


def remove(document, paragraph):
    document.Text.removeTextContent(paragraph)


def first(document, test):
    return next(p for p in paragraphs(document) if test(p))


def edits():
    """Name and deed of each edit."""
    heading = lambda n: lambda d: [p for p in paragraphs(d) if p.OutlineLevel == 1][n]

    def new_heading(d):
        insert_before(d, heading(2)(d), "补充说明", "Heading 1")

    def drop_heading(d):
        remove(d, heading(4)(d))

    def drop_table(d):
        table = d.TextTables.getByIndex(1)
        caption = [p for p in paragraphs(d) if is_caption(p)
                   and re.match(r"(表|Table) 2", p.String)][0]
        remove(d, caption)
        table.dispose()

    def drop_figure(d):
        caption = [p for p in paragraphs(d) if is_caption(p)
                   and re.match(r"(图|Figure) 1", p.String)][0]
        remove(d, caption)

    def new_item(d):
        item = first(d, lambda p: p.ParaStyleName in ("分项", "Item"))
        end = d.Text.createTextCursorByRange(item.End)
        d.Text.insertControlCharacter(end, PARAGRAPH_BREAK, False)
        d.Text.insertString(end, "新增一项。", False)

    def drop_item(d):
        remove(d, first(d, lambda p: p.ParaStyleName in ("分项", "Item")))

    def new_paragraph(d):
        body = first(d, lambda p: p.ParaStyleName == "Text body")
        after = d.Text.createTextCursorByRange(body.End)
        d.Text.insertControlCharacter(after, PARAGRAPH_BREAK, False)
        d.Text.insertString(after, "另起一段。", False)

    def new_title(d):
        first(d, lambda p: p.ParaStyleName == "Title").String = "改过的标题"

    def rename_heading(d):
        heading(0)(d).String = "改过的结论"

    def second_heading(d):
        insert_before(d, heading(1)(d), "分节", "Heading 2")

    return [new_heading, drop_heading, drop_table, drop_figure, new_item, drop_item,
            new_paragraph, new_title, rename_heading, second_heading]


def main():
    # A copy: an office locks what it opens.
    folder = tempfile.mkdtemp(prefix="jianpai-word-")
    path = os.path.join(folder, "report.docx")
    shutil.copyfile(sys.argv[1], path)
    desktop, end = office()
    try:
        document = desktop.loadComponentFromURL(f"file://{path}", "_blank", 0, hidden(Hidden=True))
        refresh(document)
        before = check(document, "as written")
        for edit in edits():
            edit(document)
            refresh(document)
            after = check(document, edit.__name__)
        items = [p.ListLabelString.strip() for p in paragraphs(document)
                 if p.ParaStyleName in ("分项", "Item")]
        assert items[:2] in (["1．", "2．"], ["1.", "2."]), items[:3]
        contents = document.DocumentIndexes.getByIndex(0).Anchor.String
        for label, text in headings(document):
            assert text in contents, f"{text} is not in the contents"
        assert "补充说明" in contents and re.search(r"改过的结论.*\d", contents), contents
        # References repeat what their captions say now.
        said = {f"{w} {n}" for w, n in captions(document, {"表", "图", "Table", "Figure"})}
        seen = 0
        for field in each(document.TextFields):
            if field.supportsService("com.sun.star.text.textfield.GetReference"):
                text = field.getPresentation(False).strip()
                assert text in said or text == "" or "Error" in text, text
                seen += text in said
        assert seen > 3, seen
        if len(sys.argv) > 2:
            target = f"file://{os.path.abspath(sys.argv[2])}"
            document.storeToURL(target, hidden(FilterName="MS Word 2007 XML"))
        document.close(True)
        print(f"{len(edits())} edits; headings and captions {before} before, {after} after; "
              f"{seen} references")
    finally:
        end()
        shutil.rmtree(folder, ignore_errors=True)


main()
