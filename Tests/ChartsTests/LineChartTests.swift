import Charts
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct LineChartTests {
  @Test func oneSeriesIsDrawnInDots() {
    let chart = LineChart(series: [Series("loss", values: [4, 2, 1, 0.5, 0.25])], title: "train.loss", xLabel: "step")
    #expect(
      chart.terminalText(width: 30, height: 9) == """
        train.loss
        4 ┤⠑⠢⣀
          │   ⠑⠤⡀
        2 ┤     ⠈⠑⠢⠤⣀
          │          ⠉⠑⠒⠤⠤⣀⣀
        0 ┤                 ⠉⠉⠒⠒⠒⠒⠢⠤⠤⠤
          └──────┬─────────────┬──────
                 2             4
                      step
        """)
  }

  @Test func severalSeriesAreDrawnInMarksAndGapsAreLeftOpen() {
    let chart = LineChart(series: [Series("a", values: [1, 2, 3]), Series("b", values: [3, .nan, 3, 2])])
    #expect(
      chart.terminalText(width: 24, height: 8) == """
        * a   + b
        3 ┤+          **++++
          │        ***     ++++
        2 ┤     ****          ++
          │  ****
        1 ┤***
          └┬──────┬─────┬──────┬
           1      2     3      4
        """)
  }

  @Test func aLogarithmicAxisSkipsWhatIsNotPositive() {
    let chart = LineChart(series: [Series("rate", values: [1, 0.1, 0.01, 0, 1e-4])], isLogarithmic: true)
    #expect(
      chart.terminalText(width: 24, height: 8) == """
             1 ┤⠑⠤⡀
               │  ⠈⠒⢄⡀
          0.01 ┤     ⠈⠒⠤⡀
               │
               │
        0.0001 ┤               ⢀
               └────┬──────┬────
                    2      4
        """)
  }

  @Test func onePointIsADot() {
    #expect(
      LineChart(series: [Series("one", values: [7])]).terminalText(width: 24, height: 6) == """
        8 ┤
        7 ┤          ⡀
          │
        6 ┤
          └┬─────────┬─────────┬
          0.9       1.0      1.1
        """)
  }

  @Test func equalValuesAreALevelLine() {
    #expect(
      LineChart(series: [Series("same", values: [3, 3, 3])]).terminalText(width: 24, height: 6) == """
        3.5 ┤
        3.0 ┤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀
            │
        2.5 ┤
            └┬────────┬────────┬
             1        2        3
        """)
  }

  @Test func coloursReplaceMarks() {
    let series = [Series("a", values: [1, 2]), Series("b", values: [2, 1])]
    let text = LineChart(series: series).terminalText(width: 30, height: 8, isColored: true)
    #expect(text.hasPrefix("\u{1B}[34m━━ a\u{1B}[0m   \u{1B}[33m━━ b\u{1B}[0m\n"))
    #expect(!text.contains("*"))
    #expect(text.split(separator: "\n").dropLast(2).allSatisfy { !$0.contains("\u{1B}") || $0.hasSuffix("\u{1B}[0m") })
  }

  @Test func textKeepsToItsSize() {
    for (width, height) in [(72, 16), (40, 10), (120, 30)] {
      let series = Series("x", values: (0..<300).map { sin(Double($0) / 20) * 1234 })
      let lines = LineChart(series: [series], title: "t", xLabel: "step").terminalText(width: width, height: height)
        .split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == height, "\(width) × \(height)")
      #expect(lines.allSatisfy { $0.count <= width }, "\(width) × \(height)")
    }
  }

  @Test func namesCannotMoveTheCursor() {
    let chart = LineChart(
      series: [Series("a\u{1B}[2J", values: [1, 2]), Series("b\nc", values: [2, 1])], title: "x\ry", xLabel: "\u{9B}s")
    #expect(chart.terminalText().hasPrefix("x?y\n* a?[2J   + b?c\n"))
    #expect(!chart.terminalText().unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" || $0 == "\r" })
  }

  @Test func theSameChartAsSVG() {
    let chart = LineChart(series: [Series("a", values: [1, 2])], title: "t <&\">\u{1B}", xLabel: "s")
    #expect(
      chart.svg(width: 200, height: 120) == """
        <svg xmlns="http://www.w3.org/2000/svg" width="200" height="120" viewBox="0 0 200 120" font-family="sans-serif" font-size="12">
        <rect width="200" height="120" fill="#ffffff"/>
        <text x="100" y="18" text-anchor="middle" font-size="14">t &lt;&amp;&quot;&gt;?</text>
        <line x1="64" y1="76" x2="184" y2="76" stroke="#dddddd"/>
        <text x="58" y="80" text-anchor="end">1.0</text>
        <line x1="64" y1="54" x2="184" y2="54" stroke="#dddddd"/>
        <text x="58" y="58" text-anchor="end">1.5</text>
        <line x1="64" y1="32" x2="184" y2="32" stroke="#dddddd"/>
        <text x="58" y="36" text-anchor="end">2.0</text>
        <line x1="64" y1="76" x2="64" y2="80" stroke="#444444"/>
        <text x="64" y="94" text-anchor="middle">1.0</text>
        <line x1="124" y1="76" x2="124" y2="80" stroke="#444444"/>
        <text x="124" y="94" text-anchor="middle">1.5</text>
        <line x1="184" y1="76" x2="184" y2="80" stroke="#444444"/>
        <text x="184" y="94" text-anchor="middle">2.0</text>
        <line x1="64" y1="76" x2="184" y2="76" stroke="#444444"/>
        <line x1="64" y1="32" x2="64" y2="76" stroke="#444444"/>
        <text x="124" y="112" text-anchor="middle">s</text>
        <polyline points="64,76 184,32" fill="none" stroke="#0072B2" stroke-width="1.5"/>
        </svg>

        """)
  }

  @Test func manyPointsGiveAShortDocument() {
    let series = Series("x", values: (0..<200_000).map { sin(Double($0)) })
    #expect(LineChart(series: [series]).svg().utf8.count < 60_000)
  }
}

@Suite struct OddChartTests {
  static let oddValues: [[Double]] = [
    [], [.nan], [.infinity, -.infinity], [0], [-0.0, 0], [.leastNonzeroMagnitude, 0], [.leastNonzeroMagnitude],
    [1e299, -1e299], [1e300, 1],
    [.greatestFiniteMagnitude, -.greatestFiniteMagnitude], [1, .nan, 3], [1e-9, 2e-9], [1e15, 1e15 + 1], [-5, -5],
    [1_000_000, 1_000_001], [1e-300, 1e299], [0.1 + 0.2, 0.3],
  ]

  @Test("odd values neither trap nor break a document", arguments: oddValues)
  func holds(_ values: [Double]) throws {
    for isLogarithmic in [false, true] {
      let chart = LineChart(
        series: [Series("a", values: values), Series("b", values: [])], isLogarithmic: isLogarithmic)
      for size in [-5, 0, 1, 7, 80] {
        #expect(!chart.terminalText(width: size, height: size).isEmpty, "\(values)")
        #expect(isWellFormed(chart.svg(width: size, height: size)), "\(values)")
      }
    }
    let path = PathChart(paths: [Series("p", points: values.map { Series.Point($0, -$0) })])
    #expect(!path.terminalText().isEmpty && isWellFormed(path.svg()), "\(values)")
    for bars in [-1, 0, 1, 5, 10_000] {
      let histogram = Histogram(values: values, bars: bars)
      #expect(!histogram.terminalText().isEmpty && isWellFormed(histogram.svg()), "\(values), \(bars) bars")
      #expect(histogram.bars.reduce(0) { $0 + $1.count } == values.filter { abs($0) < 1e300 }.count, "\(values)")
    }
  }

  @Test func nothingToDrawIsSaid() {
    #expect(LineChart(series: [], title: "loss").terminalText() == "loss\nno data to draw")
    #expect(LineChart(series: []).svg().contains(">no data to draw</text>"))
    #expect(PathChart(paths: []).terminalText() == "y\nno data to draw")
    #expect(Histogram(values: []).terminalText() == "no data to draw")
  }
}

func isWellFormed(_ document: String) -> Bool {
  XMLParser(data: Data(document.utf8)).parse() && !document.contains("nan") && !document.contains("inf")
}
