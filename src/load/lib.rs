//! jianpai-load
