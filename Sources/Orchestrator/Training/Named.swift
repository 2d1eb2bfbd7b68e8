/// A value by name.
///
/// States of version 0.1.0 hold bare values, which go by position: they are read as values without a name.
struct Named<Value: Codable & Sendable>: Sendable {
  var name: String?
  var value: Value

  init(_ name: String?, _ value: Value) {
    self.name = name
    self.value = value
  }
}

extension Named: Codable {
  private enum CodingKeys: String, CodingKey { case name, value }

  init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: CodingKeys.self) {
      name = try container.decode(String.self, forKey: .name)
      value = try container.decode(Value.self, forKey: .value)
    } else {
      value = try Value(from: decoder)
    }
  }
}
