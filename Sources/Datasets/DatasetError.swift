/// What is wrong with a dataset: a code to match, the place, the sentence, and the remedy.
public struct DatasetError: Error, Sendable, Equatable {
  public enum Code: String, Sendable {
    case missing, unreadable, empty
    case truncated, notGzip, corruptGzip, wrongMagic, wrongSize, surplus, countMismatch, labelOutOfRange
    case unknownColumn, repeatedColumn, raggedRow, notANumber, malformedQuote, notText, tooManyCategories
    case badLabel, badSplit, tooLarge
  }

  /// A file, and where in it.
  public struct Place: Sendable, Equatable {
    public enum Position: Sendable, Equatable {
      case whole
      /// Counted from 0, in the decompressed content.
      case byte(Int)
      /// Counted from 1.
      case line(Int)
    }

    public let file: String
    public let position: Position

    public init(file: String, position: Position = .whole) {
      self.file = file
      self.position = position
    }
  }

  public let code: Code
  /// Nil for what no file is to blame for.
  public let place: Place?
  public let what: String
  /// What to do about it; may be empty where the sentence says it.
  public let remedy: String

  public init(_ code: Code, at place: Place? = nil, _ what: String, remedy: String = "") {
    self.code = code
    self.place = place
    self.what = what
    self.remedy = remedy
  }
}

extension DatasetError: CustomStringConvertible {
  public var description: String {
    (place.map { "\($0): " } ?? "") + what + (remedy.isEmpty ? "" : "; \(remedy)")
  }
}

extension DatasetError.Place: CustomStringConvertible {
  public var description: String {
    switch position {
    case .whole: file
    case .byte(let byte): "\(file), byte \(byte)"
    case .line(let line): "\(file), line \(line)"
    }
  }
}
