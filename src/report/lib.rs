//! jianpai-report
