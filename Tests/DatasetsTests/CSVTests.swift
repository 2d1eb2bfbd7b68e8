import Datasets
import Foundation
import Tensors
import Testing

@Suite struct CSVTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  @Test func numbersAndCategoriesBecomeFeatures() throws {
    try folder.write(
      "\u{FEFF}width, colour ,\"kind, of it\",height\r\n1.5,red,b,-2e1\r\n\r\n 3 ,\"blue\",a,+.5\r\n4,red,b,0\r\n",
      to: "t.csv")
    let examples = try folder.load("csv('t.csv', label: 'kind, of it', test: 0)").train
    #expect(examples.inputs.shape == [3, 4])
    #expect(try examples.allInputs() == [1.5, 0, 1, -20, 3, 1, 0, 0.5, 4, 0, 1, 0])
    #expect(examples.targets.elements == .int32([1, 0, 1]))
    #expect(examples.classNames == ["a", "b"])
  }

  @Test func quotedFieldsHoldSeparatorsLineEndsAndQuotes() throws {
    try folder.write("a,y\n\"one, \"\"two\"\"\nthree\",1.5\nplain,2", to: "t.csv")
    let examples = try folder.load("csv('t.csv', label: a, test: 0)").train
    #expect(examples.classNames == ["one, \"two\"\nthree", "plain"])
    #expect(try examples.allInputs() == [1.5, 2])
  }

  static let rows = (0..<30).map { "\($0 % 3),\($0),\(Double($0) / 4)" }.joined(separator: "\n")

  @Test(
    "what a numeric label becomes",
    arguments: [
      ("class", "auto", true), ("class", "regression", false), ("count", "auto", false),
      ("count", "classification", true),
      ("amount", "auto", false), ("amount", "regression", false),
    ])
  func tasks(_ label: String, _ task: String, _ isClass: Bool) throws {
    try folder.write("class,count,amount\n" + Self.rows, to: "t.csv")
    let examples = try folder.load("csv('t.csv', label: \(label), task: \(task), test: 0)").train
    #expect((examples.classNames != nil) == isClass, "\(label), \(task)")
    #expect(examples.targets.shape == (isClass ? [30] : [30, 1]), "\(label), \(task)")
    if label == "class", isClass { #expect(examples.classNames == ["0", "1", "2"]) }
  }

  @Test func columnsAreDroppedAndMadeCategorical() throws {
    try folder.write("id,zone,y\n7,2,a\n8,10,b\n9,2,a\n", to: "t.csv")
    let examples = try folder.load("csv('t.csv', label: y, test: 0, drop: [id], categorical: [zone])").train
    #expect(try examples.allInputs() == [0, 1, 1, 0, 0, 1])
  }

  @Test func otherSeparatorsAndNoHeader() throws {
    try folder.write("1;x\n2;y\n", to: "t.csv")
    let examples = try folder.load("csv('t.csv', label: '2', separator: semicolon, header: false, test: 0)").train
    #expect(try examples.allInputs() == [1, 2] && examples.classNames == ["x", "y"])
    try folder.write("a\tb\n1\tx y\n2\t\n", to: "t.tsv")
    #expect(try folder.load("csv('t.tsv', label: b, separator: tab, test: 0)").train.classNames == ["", "x y"])
  }

  @Test func theSplitFollowsFromTheSeed() throws {
    try folder.write("class,count,amount\n" + Self.rows, to: "data/t.csv")
    let places = ["\(folder.path)/data"]
    func counts(_ examples: Examples?) throws -> [Int] {
      let values = try examples?.allInputs() ?? []
      return stride(from: 0, to: values.count, by: 2).map { Int(values[$0]) }
    }
    let splits = try folder.load("csv('t.csv', label: class)", dataFolders: places)
    #expect(splits.train.count == 24 && splits.test?.count == 6)
    #expect(try Set(counts(splits.train) + counts(splits.test)) == Set(0..<30))
    #expect(try counts(splits.train) == counts(splits.train).sorted())
    let again = try folder.load("csv('t.csv', label: class)", dataFolders: places)
    #expect(try counts(again.test) == counts(splits.test))
    let other = try folder.load("csv('t.csv', label: class)", seed: 2, dataFolders: places)
    #expect(try counts(other.test) != counts(splits.test))
    let fixed = try folder.load("csv('t.csv', label: class, seed: 1)", seed: 2, dataFolders: places)
    #expect(try counts(fixed.test) == counts(splits.test))
    let limited = try folder.load("csv('t.csv', label: class, limit: 4)", dataFolders: places)
    #expect(try counts(limited.train) == Array(counts(splits.train).prefix(4)) && limited.test?.count == 4)
  }

  static let faults: [(content: String, specification: String, code: DatasetError.Code, text: String)] = [
    ("", "label: y", .empty, "FOLDER/t.csv: is empty; expected a line of column names and rows"),
    ("x,y\n", "label: y", .empty, "FOLDER/t.csv: has no rows; if its first line is a row, set header: false"),
    ("y\n1\n", "label: y, test: 0", .empty, "FOLDER/t.csv: no columns are left as inputs; drop fewer columns"),
    (
      "width,species\n1,a\n", "label: specis", .unknownColumn,
      "FOLDER/t.csv: there is no label column 'specis'; did you mean 'species'? it has width, species"
    ),
    (
      "x,y\n1,a\n", "label: y, drop: [q]", .unknownColumn,
      "FOLDER/t.csv: there is no column to drop 'q'; did you mean 'x'? it has x, y"
    ),
    (
      "x,y,x\n1,a,2\n", "label: y", .repeatedColumn,
      "FOLDER/t.csv, line 1: two columns are named 'x'; rename one, or set header: false if this line is a row"
    ),
    (
      "x,y\n\"1\n\",a\n2\n", "label: y", .raggedRow,
      "FOLDER/t.csv, line 4: expected 2 fields, found 1; "
        + "quote fields that hold the separator, or check the separator"
    ),
    (
      "x,y\n1,a\n2,b\nabc,c\n", "label: y", .notANumber,
      "FOLDER/t.csv, line 4: column 'x' holds numbers, found 'abc'; "
        + "correct it, or make the column categorical: categorical: ['x']"
    ),
    (
      "x,y\n1,a\n,b\n2,c\n", "label: y", .notANumber,
      "FOLDER/t.csv, line 3: column 'x' holds numbers, found nothing; "
        + "correct it, or make the column categorical: categorical: ['x']"
    ),
    (
      "x,y\n1,a\nnan,b\n0x1,c\n2,c\n", "label: y", .notANumber,
      "FOLDER/t.csv, line 3: column 'x' holds numbers, found 'nan'; "
        + "correct it, or make the column categorical: categorical: ['x']"
    ),
    (
      "x,y\n1,a\n1e300,b\n2,c\n", "label: y", .notANumber,
      "FOLDER/t.csv, line 3: column 'x' holds numbers, found '1e300'; "
        + "correct it, or make the column categorical: categorical: ['x']"
    ),
    (
      "x,y\n1,2\n2,3\n3,?\n", "label: y", .notANumber,
      "FOLDER/t.csv, line 4: column 'y' holds numbers, found '?'; "
        + "correct it, or make the column categorical: categorical: ['y']"
    ),
    (
      "x,y\n1,\"a\n", "label: y", .malformedQuote,
      "FOLDER/t.csv, line 2: a quote is opened here and never closed; close it, or double it if it belongs to the text"
    ),
    (
      "x,y\n1,\"a\"b\n", "label: y", .malformedQuote,
      "FOLDER/t.csv, line 2: text follows a closing quote; double the quotes that belong to the text"
    ),
    (
      "x,y\n1,a\n", "label: y", .badSplit,
      "FOLDER/t.csv: a single row cannot be split into training and test rows; use test: 0"
    ),
    (
      "x,y\n1,b\n2,a\n", "label: y, task: regression", .badLabel,
      "FOLDER/t.csv: the label 'y' is to be a number (task: regression) but holds texts such as 'a'; "
        + "use task: classification, or another label"
    ),
    (
      "x,y\n1,0.5\n2,1\n", "label: y, task: classification", .badLabel,
      "FOLDER/t.csv: the label 'y' is to be a class (task: classification) but is not a whole number everywhere; "
        + "use task: regression"
    ),
    (
      "x,y\n" + (0...1000).map { "n\($0),1\n" }.joined(), "label: y", .tooManyCategories,
      "FOLDER/t.csv: column 'x' has more than 1000 different texts; leave it out: drop: ['x']"
    ),
  ]

  @Test("faults", arguments: faults)
  func fault(_ content: String, _ specification: String, _ code: DatasetError.Code, _ text: String) throws {
    try folder.write(content, to: "t.csv")
    let failure = try folder.failure("csv('t.csv', \(specification))")
    #expect(failure.code == code && failure.text == text, "\(content.prefix(40).debugDescription): \(failure.text)")
  }

  @Test func filesThatCannotBeRead() throws {
    let absent = try folder.failure("csv('no.csv', label: y)", dataFolders: ["/nowhere"])
    #expect(absent.code == .missing)
    #expect(
      absent.text == """
        there is no file 'no.csv'
          searched: FOLDER/no.csv, /nowhere/no.csv; check the path; relative ones start from the working folder or a \
        folder of FLEDGE_DATA
        """)
    try folder.write([0x78, 0x2C, 0x79, 0x0A, 0x31, 0x2C, 0xFF, 0x0A], to: "latin.csv")
    let latin = try folder.failure("csv('latin.csv', label: y)")
    #expect(latin.code == .notText)
    #expect(
      latin.text == "FOLDER/latin.csv, line 2: the text is not UTF-8; convert it, for instance with iconv -t UTF-8")
    try folder.write("", to: "folder.csv/file")
    #expect(try folder.failure("csv('folder.csv', label: y)").code == .unreadable)
  }
}
