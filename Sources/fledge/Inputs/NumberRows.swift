import Foundation
import Tensors

/// The rows of a CSV file of numbers, each a tensor `[columns]`; a first row of names is left out.
struct NumberRows {
  private(set) var rows: [Tensor] = []

  /// Throws `CommandError` with the line.
  init(_ text: String, _ path: String) throws(CommandError) {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    let separator = [",", ";", "\t"].first { lines.first?.contains($0) ?? false } ?? ","
    var width: Int?
    for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
      let fields = line.components(separatedBy: separator).map { $0.trimmingCharacters(in: .whitespaces) }
      let numbers = fields.map { Float($0).flatMap { $0.isFinite ? $0 : nil } }
      if index == 0, numbers.allSatisfy({ $0 == nil }) { continue }
      guard width == nil || width == fields.count else {
        throw CommandError("\(path), line \(index + 1): expected \(width ?? 0) numbers, found \(fields.count)")
      }
      width = fields.count
      if let wrong = numbers.firstIndex(where: { $0 == nil }) {
        throw CommandError("\(path), line \(index + 1), column \(wrong + 1): '\(fields[wrong])' is not a number")
      }
      guard let row = Tensor([fields.count], .float32(numbers.compactMap(\.self))) else { continue }
      rows.append(row)
    }
    guard !rows.isEmpty else { throw CommandError("\(path): it holds no row of numbers") }
  }
}
