import Charts
import Testing

@Suite struct PathChartTests {
  static let path = Series("sgd", points: [.init(-1, 1), .init(0.5, 0.5), .init(0, 0)])

  @Test func theFirstAndLastPointBearMarks() {
    #expect(
      PathChart(paths: [Self.path]).terminalText(width: 24, height: 10) == """
        y
        1.0 ┤o⠒⠒⠤⢄⣀
            │      ⠉⠉⠒⠢⠤⣀⣀
        0.5 ┤             ⠉⠑⠒⠤⠤⣀
            │                ⢀⠔⠁
            │              ⢀⠔⠁
        0.0 ┤            x⠔⠁
            └┬─────┬─────┬─────┬
           -1.0  -0.5   0.0  0.5
                      x
        """)
  }

  @Test func theSVGMarksTheEnds() {
    let document = PathChart(paths: [Self.path], title: "a & b").svg()
    #expect(isWellFormed(document))
    #expect(document.contains("<polyline points=\"64,32 464,234 330.7,436\""))
    #expect(document.contains("cx=\"64\" cy=\"32\" r=\"4\" fill=\"#ffffff\""))
    #expect(document.contains("cx=\"330.7\" cy=\"436\" r=\"4\" fill=\"#0072B2\""))
  }
}

@Suite struct HistogramTests {
  static let histogram = Histogram(values: [0, 0.1, 0.3, 0.3, 0.35, 0.9, 1, .nan, .infinity], bars: 5, title: "w")

  @Test func barsAreAsLongAsTheirCounts() {
    #expect(
      Self.histogram.terminalText(width: 24) == """
        w
        0.0 ┤███████████▍ 2
        0.2 ┤█████████████████ 3
        0.4 ┤0
        0.6 ┤0
        0.8 ┤███████████▍ 2
        """)
  }

  @Test func boundsBelongToTheUpperBar() {
    let bars = Histogram(values: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], bars: 10).bars
    #expect(bars.map(\.count) == [1, 1, 1, 1, 1, 1, 1, 1, 1, 2])
    #expect(bars.map(\.lower) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
  }

  @Test func theSVGHasABarEach() {
    let document = Self.histogram.svg()
    #expect(isWellFormed(document))
    #expect(document.split(separator: "<rect ").count - 2 == 5)
  }
}
