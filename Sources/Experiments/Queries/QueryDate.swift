import Foundation

/// Dates as one writes them: 2026-01-31, 2026-01-31T18:00, 2026-01-31 18:00:30; local time.
enum QueryDate {
  static func seconds(_ text: String) -> Double? {
    guard let match = text.wholeMatch(of: /(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d))?)?/) else {
      return nil
    }
    let (_, year, month, day, hour, minute, second) = match.output
    var components = DateComponents()
    components.year = Int(year)
    components.month = Int(month)
    components.day = Int(day)
    components.hour = hour.flatMap { Int($0) } ?? 0
    components.minute = minute.flatMap { Int($0) } ?? 0
    components.second = second.flatMap { Int($0) } ?? 0
    let calendar = Calendar(identifier: .gregorian)
    guard components.isValidDate(in: calendar) else { return nil }
    return calendar.date(from: components)?.timeIntervalSince1970
  }
}
