//! Many draws of one scenario: which points are drawn, what they give, and what that says.
//!
//! A draw is a function of the seed and its index. Any range of draws can be computed
//! anywhere, on any number of threads, and gives the same bits.
//!
//! # Reading order
//!
//! Each line needs only those above it; `tests/it/layers.rs` holds it to that.
//!
//! | module | what it holds |
//! |---|---|
//! | [`design`] | points of the unit cube (Latin hypercube, Sobol, Saltelli, Morris, grid, lists) and the distributions that turn them into inputs |
//! | [`analysis`] | what columns of numbers say: quantiles, indices of influence, boxes of conditions; it knows nothing of the model |
//! | [`engine`] | a scenario with its design as one batch: blocks of draws through the kernel, margins, verdicts, summaries |
//! | [`findings`] | which inputs of a sweep matter, and when all its targets are met |
//!
//! # What must never be
//!
//! | never | test |
//! |---|---|
//! | a draw whose bits depend on threads, on its block, or on what else is asked for | `sweep::a_draw_has_the_same_bits_alone_and_in_any_block`, `sweep::rows_do_not_depend_on_threads_or_on_how_many_draws_follow` (`tests/it`) |
//! | a point whose bits depend on the slice or the machine | `any_slice_has_the_bits_of_the_whole`, `bits_are_the_same_everywhere` (`design/tests`) |
//! | a second arithmetic beside the kernel of the core | `sweep::the_kernel_agrees_with_the_equations_written_out` |
//! | a draw without results in a summary, an index or a list of best draws | `columns::summaries_are_those_of_the_rows`, `columns::the_best_draws_are_the_best` |
//! | the model's error in what is said of the model: indicators, margins, indices, best draws ([`engine::error`]) | `sweep_error::the_model_itself_is_not_moved` |
//! | memory that grows with the number of draws: summaries take draws one by one | `analysis::summary`, whose sizes are bounded by constants |
//! | an index that is not that of the closed form or of SALib | `sensitivity::estimates_are_those_of_salib`, `analysis::testing` |
//! | functions of the system's mathematics library, whose last bits differ | `tidy::results_do_not_depend_on_the_systems_functions` |

pub mod analysis;
pub mod design;
pub mod engine;
pub mod findings;
