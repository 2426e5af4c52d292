//! Black-box tests over the wire, against the real binary.
