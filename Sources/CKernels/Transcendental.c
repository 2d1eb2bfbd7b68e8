#include "Lanes.h"

#include <float.h>
#include <math.h>

// Minimax polynomials, fitted by iteratively reweighted least squares with the coefficients rounded to float32 one by
// one; the reductions of logarithms are fdlibm's (Sun, 1993). Every lane goes the same way, and a tail is padded to
// sixteen, so that an element's bits do not depend on its place.
#pragma clang fp contract(fast)

typedef fledge_floats floats;
typedef fledge_ints ints;

#define FLEDGE_MAP(name)                                                                \
  FLEDGE_INLINE void name##_all(float *out, const float *x, size_t count) {             \
    for (size_t i = 0; i < count; i += FLEDGE_LANES) {                                  \
      fledge_store(out + i, name##_lanes(fledge_load(x + i, count - i, 0)), count - i); \
    }                                                                                   \
  }                                                                                     \
  FLEDGE_KERNEL void fledge_##name(float *out, const float *x, size_t count) { name##_all(out, x, count); }

/// x within bounds; NaN stays.
FLEDGE_INLINE floats clamp(floats x, float low, float high) {
  x = fledge_choose(x < low, fledge_splat(low), x);
  return fledge_choose(x > high, fledge_splat(high), x);
}

/// 2 to the n, −126 ≤ n ≤ 127.
FLEDGE_INLINE floats power_of_two(ints n) { return (floats)((n + 127) << 23); }

/// x times 2 to the n, in two factors: so results below the normal numbers are rounded once, and 2¹²⁸ is not met.
FLEDGE_INLINE floats scale(floats x, ints n) { return x * power_of_two(n >> 1) * power_of_two(n - (n >> 1)); }

/// e to the r, less 1, where x = n ln 2 + r and |r| ≤ ½ ln 2.
FLEDGE_INLINE floats reduced_expm1(floats x, ints *n) {
  // Adding 1½ · 2²³ leaves the nearest whole number in the low bits.
  const floats shifted = x * 0x1.715476p+0f + 0x1.8p23f;
  const floats whole = shifted - 0x1.8p23f;
  *n = (ints)shifted - 0x4B400000;
  const floats r = (x - whole * 0x1.62e4p-1f) - whole * 0x1.7f7d1cp-20f;
  floats p = r * 1.3870276e-03f + 8.366251e-03f;
  p = p * r + 4.166744e-02f;
  p = p * r + 1.6666546e-01f;
  p = p * r + 4.9999997e-01f;
  return p * (r * r) + r;
}

FLEDGE_INLINE floats exponential_lanes(floats x) {
  ints n;
  const floats p = reduced_expm1(clamp(x, -104, 89), &n);
  return scale(p + 1, n);
}
FLEDGE_MAP(exponential)

FLEDGE_INLINE floats expm1_lanes(floats x) {
  ints n;
  const floats p = reduced_expm1(clamp(x, -20, 89), &n);
  // 2⁻ⁿ is exact beside 1, or too small to matter.
  const floats rest = 1 - power_of_two(-__builtin_elementwise_min(n, (ints){0} + 64));
  return __builtin_elementwise_copysign(scale(rest + p, n), x);
}
FLEDGE_MAP(expm1)

/// x = 2ᵉ · m, √½ ≤ m < √2, for positive normal x.
FLEDGE_INLINE floats mantissa(floats x, ints *e) {
  *e = ((ints)x - 0x3F3504F3) >> 23;
  return (floats)((ints)x - (*e << 23));
}

/// e ln 2 + ln(1 + f) + correction.
FLEDGE_INLINE floats reduced_log1p(floats f, ints e, floats correction) {
  floats p = f * -7.6369405e-02f + 1.2762485e-01f;
  p = p * f - 1.315955e-01f;
  p = p * f + 1.420154e-01f;
  p = p * f - 1.662341e-01f;
  p = p * f + 2.0001243e-01f;
  p = p * f - 2.500082e-01f;
  p = p * f + 3.333333e-01f;
  const floats exponent = __builtin_convertvector(e, floats), square = f * f;
  const floats low = p * (f * square) + (exponent * 0x1.7f7d1cp-20f + correction);
  return exponent * 0x1.62e4p-1f + (f - (square * 0.5f - low));
}

/// What ln u is where u is no positive number.
FLEDGE_INLINE floats logarithm_at_edge(floats u) {
  const floats below = fledge_choose(u < 0, fledge_splat(NAN), u);
  return fledge_choose(u == 0, fledge_splat(-INFINITY), below);
}

FLEDGE_INLINE floats logarithm_lanes(floats x) {
  ints e;
  const ints tiny = x < FLT_MIN;
  const floats m = mantissa(fledge_choose(tiny, x * 0x1p23f, x), &e);
  const floats result = reduced_log1p(m - 1, e - (tiny & 23), (floats){0});
  return fledge_choose((x > 0) & (x < INFINITY), result, logarithm_at_edge(x));
}
FLEDGE_MAP(logarithm)

FLEDGE_INLINE floats log1p_lanes(floats x) {
  ints e;
  const floats u = 1 + x, kept = u - 1;
  const floats m = mantissa(u, &e);
  // What the sum lost; near 1 nothing is lost, for x itself goes on.
  const floats lost = (1 - (u - kept)) + (x - kept);
  const ints near = e == 0;
  const floats correction = fledge_choose(near, (floats){0}, lost / u);
  const floats result = reduced_log1p(fledge_choose(near, x, m - 1), e, correction);
  const floats signed_result = __builtin_elementwise_copysign(result, x);
  return fledge_choose((u > 0) & (u < INFINITY), signed_result, logarithm_at_edge(u));
}
FLEDGE_MAP(log1p)

FLEDGE_INLINE floats tanh_lanes(floats x) {
  const floats magnitude = __builtin_elementwise_abs(x), square = x * x;
  const floats large = 1 - 2 / (exponential_lanes(2 * clamp(magnitude, 0, 10)) + 1);
  floats p = square * -5.694468e-03f + 2.0629836e-02f;
  p = p * square - 5.3736918e-02f;
  p = p * square + 1.3331409e-01f;
  p = p * square - 3.333328e-01f;
  const floats small = p * (magnitude * square) + magnitude;
  return __builtin_elementwise_copysign(fledge_choose(magnitude < 0.625f, small, large), x);
}
FLEDGE_MAP(tanh)

FLEDGE_INLINE floats sigmoid_lanes(floats x) {
  // Of −|x|, so that the far left keeps its digits; with e to the |x| as 2ⁿ(1 + p), the denominator is rounded once.
  ints n;
  const floats p = reduced_expm1(clamp(__builtin_elementwise_abs(x), 0, 104), &n);
  const floats inverse = power_of_two(-__builtin_elementwise_min(n, (ints){0} + 64));
  const floats base = 1 + inverse, lost = inverse - (base - 1);
  const floats left = scale(1 / (base + (p + lost)), -n);
  return fledge_choose(x < 0, left, 1 - left);
}
FLEDGE_MAP(sigmoid)

FLEDGE_INLINE floats erf_lanes(floats x) {
  const floats magnitude = __builtin_elementwise_abs(x), square = x * x;
  const floats t = clamp(magnitude, 0, 4);
  floats q = t * -1.1230014e-05f + 3.2279402e-04f;
  q = q * t - 3.6424296e-03f;
  q = q * t + 2.376202e-02f;
  q = q * t - 1.06236845e-01f;
  q = q * t - 6.351513e-01f;
  q = q * t - 1.2864849e-01f;
  const floats large = 1 - exponential_lanes(q * t - t);
  floats p = square * 7.996649e-05f - 8.0497697e-04f;
  p = p * square + 5.192405e-03f;
  p = p * square - 2.6855731e-02f;
  p = p * square + 1.1283626e-01f;
  p = p * square - 3.761263e-01f;
  p = p * square + 1.2837917e-01f;
  const floats small = p * magnitude + magnitude;
  return __builtin_elementwise_copysign(fledge_choose(magnitude < 0.93f, small, large), x);
}
FLEDGE_MAP(erf)

/// sin(x + quarters · π/2), |x| ≤ 10⁶. The reduction needs float64: twenty bits of turns beside what remains.
FLEDGE_INLINE floats sine_of(floats x, int32_t quarters) {
  const fledge_doubles wide = __builtin_convertvector(x, fledge_doubles);
  const fledge_doubles shifted = wide * 0x1.45f306dc9c883p-1 + 0x1.8p52;
  const fledge_doubles turns = shifted - 0x1.8p52;
  const fledge_doubles rest = (wide - turns * 0x1.921fb544p+0) - turns * 0x1.0b4611a626331p-34;
  const ints quadrant = __builtin_convertvector((fledge_longs)shifted, ints) + quarters;
  const floats r = __builtin_convertvector(rest, floats), square = r * r;
  floats s = square * -1.9517908e-04f + 8.332187e-03f;
  s = s * square - 1.6666655e-01f;
  const floats sine = __builtin_elementwise_copysign(s * (square * r) + r, r);
  floats c = square * 2.4432336e-05f - 1.388731e-03f;
  c = c * square + 4.1666646e-02f;
  const floats cosine = c * (square * square) + (1 - 0.5f * square);
  const floats result = fledge_choose((quadrant & 1) == 0, sine, cosine);
  return (floats)((ints)result ^ ((quadrant & 2) << 30));
}

/// Does again what was out of the reduction's reach.
FLEDGE_INLINE floats far_lanes(floats result, floats x, float (*function)(float)) {
  const ints far = __builtin_elementwise_abs(x) > 1e6f;
  if (__builtin_reduce_or(far) != 0) {
    for (int i = 0; i < FLEDGE_LANES; ++i) {
      if (far[i]) result[i] = function(x[i]);
    }
  }
  return result;
}

FLEDGE_INLINE floats sine_lanes(floats x) { return far_lanes(sine_of(x, 0), x, sinf); }
FLEDGE_MAP(sine)

FLEDGE_INLINE floats cosine_lanes(floats x) { return far_lanes(sine_of(x, 1), x, cosf); }
FLEDGE_MAP(cosine)
