public import Foundation

/// Names of runs: six characters of seconds since 2025, four at random, in Crockford's base 32 (no i, l, o, u).
///
/// They sort by time; 30 bits of seconds last until 2059.
public enum RunIdentifier {
  private static let digits = Array("0123456789abcdefghjkmnpqrstvwxyz")
  private static let epoch = 1_735_689_600.0

  public static func make(
    at date: Date = Date(), using generator: inout some RandomNumberGenerator
  ) -> String {
    let seconds = UInt64(max(0, date.timeIntervalSince1970 - epoch)) & (1 << 30 - 1)
    let bits = seconds << 20 | UInt64.random(in: 0..<1 << 20, using: &generator)
    let shifts = stride(from: 45, through: 0, by: -5)
    return String(shifts.map { shift in digits[Int(bits >> shift & 31)] })
  }
}
