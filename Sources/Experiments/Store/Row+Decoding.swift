import GRDB

/// Columns read so that a damaged file, where one may hold a value of another type, is an error; subscripts trap.
extension Row {
  /// - Throws: `DatabaseError` of a damaged file.
  func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    guard let value: Value = try optional(column) else { throw Self.damage(column) }
    return value
  }

  /// - Throws: `DatabaseError` of a damaged file; NULL is nil.
  func optional<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
    guard let stored = self[column] as DatabaseValue? else { return nil }
    return try Self.decode(stored, column)
  }

  /// - Throws: `DatabaseError` of a damaged file.
  func value<Value: DatabaseValueConvertible>(_ index: Int) throws -> Value {
    guard let value: Value = try optional(index) else { throw Self.damage("\(index)") }
    return value
  }

  /// - Throws: `DatabaseError` of a damaged file; NULL is nil.
  func optional<Value: DatabaseValueConvertible>(_ index: Int) throws -> Value? {
    try Self.decode(self[index] as DatabaseValue, "\(index)")
  }

  private static func decode<Value: DatabaseValueConvertible>(_ stored: DatabaseValue, _ column: String) throws
    -> Value?
  {
    if stored.isNull { return nil }
    guard let value = Value.fromDatabaseValue(stored) else { throw damage(column) }
    return value
  }

  private static func damage(_ column: String) -> DatabaseError {
    DatabaseError(resultCode: .SQLITE_CORRUPT, message: "column \(column) holds a value of another type")
  }
}
