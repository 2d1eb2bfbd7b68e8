import Foundation

/// Changes an SQLite file behind Fledge's back, through the system's library.
struct SQLiteFile {
  struct Failure: Error {
    let reason: String
  }

  private typealias Open = @convention(c) (UnsafePointer<CChar>, UnsafeMutablePointer<OpaquePointer?>) -> Int32
  private typealias Execute =
    @convention(c) (
      OpaquePointer?, UnsafePointer<CChar>, UnsafeRawPointer?, UnsafeRawPointer?,
      UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    ) -> Int32
  private typealias Close = @convention(c) (OpaquePointer?) -> Int32
  private typealias Changes = @convention(c) (OpaquePointer?) -> Int32

  let path: String

  /// Returns how many rows the last statement changed.
  @discardableResult
  func execute(_ sql: String) throws -> Int {
    #if os(Linux)
      let name = "libsqlite3.so.0"
    #else
      let name = "libsqlite3.dylib"
    #endif
    guard let library = dlopen(name, RTLD_NOW) else { throw Failure(reason: "no \(name)") }
    defer { dlclose(library) }
    func function<Function>(_ symbol: String, _ type: Function.Type) throws -> Function {
      guard let address = dlsym(library, symbol) else { throw Failure(reason: "no \(symbol)") }
      return unsafeBitCast(address, to: type)
    }
    var connection: OpaquePointer?
    defer { _ = try? function("sqlite3_close", Close.self)(connection) }
    guard try function("sqlite3_open", Open.self)(path, &connection) == 0 else { throw Failure(reason: "open \(path)") }
    var message: UnsafeMutablePointer<CChar>?
    guard try function("sqlite3_exec", Execute.self)(connection, sql, nil, nil, &message) == 0 else {
      throw Failure(reason: message.map { String(cString: $0) } ?? "exec")
    }
    return Int(try function("sqlite3_changes", Changes.self)(connection))
  }

  /// Flips one byte in the middle of what a tensor's blob holds; of the trainer's state without a name.
  func damage(tensor: String?, step: Int) throws -> Int {
    let blob =
      tensor.map {
        "SELECT t.blob FROM tensors t JOIN checkpoints c ON c.number = t.checkpoint WHERE t.name = '\($0)' AND c.step = \(step)"
      } ?? "SELECT state FROM checkpoints WHERE step = \(step)"
    return try execute(
      """
      UPDATE blob_chunks SET data = CAST(
        substr(data, 1, length(data) / 2)
        || CASE WHEN substr(data, length(data) / 2 + 1, 1) = X'41' THEN X'42' ELSE X'41' END
        || substr(data, length(data) / 2 + 2) AS BLOB)
      WHERE blob IN (\(blob))
      """)
  }
}
