import Foundation

/// A day, minute or second as one writes it: 2026-01-31, 2026-01-31T18:00, 2026-01-31 18:00:30.
///
/// Local time, unless it says which, as JSON does: 2026-01-31T17:00:30Z, 2026-01-31T18:00:30+01:00.
struct QueryDate {
  /// All of the day, minute or second, in seconds since 1970.
  let range: Range<Double>

  /// Nil for what is no date.
  init?(_ text: String) {
    let pattern =
      /(\d{4})-(\d\d?)-(\d\d?)(?:[Tt ](\d\d?):(\d\d)(?::(\d\d)(\.\d{1,6})?)?(?:([Zz])|([+-])(\d\d):?(\d\d))?)?/
    guard let match = text.wholeMatch(of: pattern) else { return nil }
    let (_, year, month, day, hour, minute, second, fraction, utc, sign, zoneHours, zoneMinutes) = match.output
    var calendar = Calendar(identifier: .gregorian)
    if utc != nil { calendar.timeZone = .gmt }
    if let hours = zoneHours.flatMap({ Int($0) }), let minutes = zoneMinutes.flatMap({ Int($0) }) {
      let seconds = hours * 3600 + minutes * 60
      guard let zone = TimeZone(secondsFromGMT: sign == "-" ? -seconds : seconds) else { return nil }
      calendar.timeZone = zone
    }
    var components = DateComponents()
    components.year = Int(year)
    components.month = Int(month)
    components.day = Int(day)
    components.hour = hour.flatMap { Int($0) } ?? 0
    components.minute = minute.flatMap { Int($0) } ?? 0
    components.second = second.flatMap { Int($0) } ?? 0
    guard components.isValidDate(in: calendar), let date = calendar.date(from: components) else { return nil }
    let start = date.timeIntervalSince1970
    if let fraction, let part = Double(fraction) {
      range = start + part..<start + part + pow(10, 1 - Double(fraction.count))
    } else if second != nil {
      range = start..<start + 1
    } else if hour != nil {
      range = start..<start + 60
    } else {
      guard let next = calendar.date(byAdding: .day, value: 1, to: date) else { return nil }
      range = start..<next.timeIntervalSince1970
    }
  }
}
