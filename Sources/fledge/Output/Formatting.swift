import Foundation

/// Figures as people read them in tables; JSON has them in full.
enum Formatting {
  /// At most six significant digits.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if !value.isFinite { return value < 0 ? "−∞" : "∞" }
    if let whole = Int(exactly: value), abs(whole) < 1_000_000_000 { return String(whole) }
    return String(format: "%.6g", value)
  }

  /// A loss or accuracy at the width that a progress line needs: four digits.
  static func figure(_ value: Double) -> String {
    abs(value) >= 1e-3 && abs(value) < 1000 ? String(format: "%.4f", value) : String(format: "%.3g", value)
  }

  /// `1 step`, `2 steps`.
  static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

  /// `3.4 s`, `12 min 05 s`, `2 h 07 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    if seconds < 9.95 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return String(format: "%d min %02d s", whole / 60, whole % 60)
    default: return String(format: "%d h %02d min", whole / 3600, whole / 60 % 60)
    }
  }

  /// `312 MB`, in powers of 1000.
  static func bytes(_ count: Int) -> String {
    var value = Double(count)
    for unit in ["B", "kB", "MB", "GB"] {
      if value < 999.5 { return String(format: value < 9.95 && unit != "B" ? "%.1f \(unit)" : "%.0f \(unit)", value) }
      value /= 1000
    }
    return String(format: "%.1f TB", value)
  }

  /// Local time, to the second.
  static func date(_ date: Date) -> String {
    let style = Date.ISO8601FormatStyle(timeZone: .current).year().month().day()
      .dateTimeSeparator(.space).time(includingFractionalSeconds: false)
    return date.formatted(style)
  }
}
