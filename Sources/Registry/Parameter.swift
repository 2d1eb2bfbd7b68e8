import Synchronization

/// A parameter of a part: its help, range and default are declared once, here.
///
///     @Parameter("slope below zero", in: 0...1) var slope = 0.01
///     @Parameter("output features", in: 1..., example: 10) var units: Int
///     @Parameter("the layers, in order") var layers: [any Transform] = []        // offered by the kind's target
///
/// The label that users write is the property's name with hyphens: `labelSmoothing` is `label-smoothing`. Parameters are
/// positional in the order of declaration; a list takes all positional arguments that are left. A parameter declared with
/// an example instead of a default is required.
///
/// A copy of a part is independent of the original: storage is shared until one of them is written.
@propertyWrapper
public struct Parameter<Value: Sendable>: Sendable {
  private var storage: ParameterStorage<Value>
  let help: String
  let isRequired: Bool
  let codec: ParameterCodec<Value>

  init(_ value: Value, _ help: String, isRequired: Bool, codec: ParameterCodec<Value>) {
    storage = ParameterStorage(value)
    self.help = help
    self.isRequired = isRequired
    self.codec = codec
  }

  public var wrappedValue: Value {
    get { storage.value }
    set {
      if isKnownUniquelyReferenced(&storage) { storage.value = newValue } else { storage = ParameterStorage(newValue) }
    }
  }
}

private final class ParameterStorage<Value: Sendable>: Sendable {
  private let mutex: Mutex<Value>

  init(_ value: Value) { mutex = Mutex(value) }

  var value: Value {
    get { mutex.withLock { $0 } }
    set { mutex.withLock { $0 = newValue } }
  }
}

/// A parameter whatever its type, found by reflection: how the registry fills a fresh part.
protocol AnyParameter {
  func schema(label: String) -> ParameterSchema
  func term(isBrief: Bool) -> Specification.Term?
  /// Sets the value of a part that nothing else refers to yet.
  func set(_ term: Specification.Term, _ context: DecodingContext) throws(SpecificationError)
}

extension Parameter: AnyParameter {
  func schema(label: String) -> ParameterSchema {
    ParameterSchema(
      label: label, help: help, type: codec.expectation, range: codec.bounds, choices: codec.choices,
      kinds: codec.kinds, isVariadic: codec.isVariadic, isRequired: isRequired,
      standard: isRequired ? nil : (term(isBrief: true).map(\.description) ?? "none"))
  }

  func term(isBrief: Bool) -> Specification.Term? { codec.encode(storage.value, isBrief) }

  func set(_ term: Specification.Term, _ context: DecodingContext) throws(SpecificationError) {
    storage.value = try codec.decode(term, context)
  }
}

/// What is known of a parameter without a value: `fledge describe` prints it.
public struct ParameterSchema: Sendable, Equatable, Codable {
  public let label: String
  public let help: String
  /// Completes "'units' is …": `a whole number`.
  public let type: String
  /// Completes "must be …": `at least 1`; nil if any value will do.
  public let range: String?
  public let choices: [String]
  public let kinds: [String]
  public let isVariadic: Bool
  public let isRequired: Bool
  /// The default as text; nil if the parameter is required.
  public let standard: String?
}
