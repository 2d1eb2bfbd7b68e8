/// Rows in columns that line up on a terminal.
struct Table {
  enum Alignment { case left, right }

  var header: [String]
  var alignments: [Alignment]
  var rows: [[String]] = []

  init(_ header: [String], _ alignments: [Alignment] = []) {
    self.header = header
    self.alignments = alignments + Array(repeating: .left, count: max(0, header.count - alignments.count))
  }

  /// The header, a rule, and the rows; columns are two spaces apart. Control characters are escaped.
  var text: String {
    let header = header.map(\.printable)
    let rows = rows.map { $0.map(\.printable) }
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].displayWidth }.max() ?? 0
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([header, rule] + rows).map { line($0, widths) }.joined(separator: "\n")
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = cells.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - cells[column].displayWidth)
      if alignments[column] == .right { return space + cells[column] }
      return column == cells.count - 1 ? cells[column] : cells[column] + space
    }
    return padded.joined(separator: "  ")
  }
}

extension String {
  /// Columns that the text takes on a terminal.
  var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }
}

extension Character {
  /// 2 for the wide letters of East Asia and for emoji, 0 for marks that combine.
  fileprivate var displayWidth: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    switch scalar.value {
    case 0x20..<0x7F: return 1
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      return 2
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format, .control: return 0
      default: return 1
      }
    }
  }
}
