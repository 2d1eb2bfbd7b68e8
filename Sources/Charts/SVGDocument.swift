import Foundation

/// The text of an SVG document while it is written.
struct SVGDocument {
  private var lines: [String]

  static let colors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]

  init(width: Int, height: Int) {
    lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\" font-family=\"sans-serif\" font-size=\"12\">",
      "<rect width=\"\(width)\" height=\"\(height)\" fill=\"#ffffff\"/>",
    ]
  }

  /// An element without content.
  mutating func add(_ element: String, _ attributes: KeyValuePairs<String, String>) {
    lines.append("<\(element)\(Self.text(attributes))/>")
  }

  mutating func text(
    _ text: String, x: Double, y: Double, anchor: String = "start", _ attributes: KeyValuePairs<String, String> = [:]
  ) {
    lines.append(
      "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" text-anchor=\"\(anchor)\"\(Self.text(attributes))>"
        + "\(Self.escaped(text))</text>")
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, stroke: String) {
    add(
      "line",
      [
        "x1": Self.number(x1), "y1": Self.number(y1), "x2": Self.number(x2), "y2": Self.number(y2), "stroke": stroke,
      ])
  }

  var finished: String { (lines + ["</svg>", ""]).joined(separator: "\n") }

  /// A coordinate to a tenth of a pixel.
  static func number(_ value: Double) -> String {
    let text = String(format: "%.1f", value)
    let short = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    return short == "-0" ? "0" : short
  }

  private static func text(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
  }

  private static func escaped(_ text: String) -> String {
    singleLine(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }
}
