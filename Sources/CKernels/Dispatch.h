#pragma once

#include "CKernels.h"

/// Marks a kernel: compiled once for each class of vector units, the best of them chosen when the program is loaded.
#if defined(__x86_64__) && defined(__linux__) && __has_attribute(target_clones) && !defined(FLEDGE_ONE_TARGET)
#define FLEDGE_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define FLEDGE_KERNEL
#endif

/// Marks a helper of kernels: only inlined does it get its caller's vector units. The width, which callers inherit,
/// says that 512-bit registers may be used; compilers avoid them unless told.
#if defined(__x86_64__)
#define FLEDGE_INLINE static inline __attribute__((always_inline, min_vector_width(512)))
#else
#define FLEDGE_INLINE static inline __attribute__((always_inline))
#endif

/// Before a loop whose iterations touch element i alone: the vectoriser need not prove that `out` and the inputs are
/// apart, and so takes an operation in place as fast as any other.
#define FLEDGE_ELEMENTWISE \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(2)")

/// The same for rows of pixels, which are short.
#define FLEDGE_PIXELS _Pragma("clang loop vectorize(assume_safety) vectorize_width(8) interleave_count(1)")

/// The same for the sixteen channels of a block.
#define FLEDGE_CHANNELS \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(1)")

/// Whichever is greater; NaN if either is NaN.
FLEDGE_INLINE float fledge_greater(float a, float b) { return ((a > b) | (a != a)) ? a : b; }

/// Whichever is less; NaN if either is NaN.
FLEDGE_INLINE float fledge_lesser(float a, float b) { return ((a < b) | (a != a)) ? a : b; }
