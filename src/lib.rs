//! jianpai
