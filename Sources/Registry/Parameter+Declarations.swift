extension Parameter where Value: ParameterScalar {
  public init(wrappedValue: Value, _ help: String) {
    self.init(wrappedValue, help, isRequired: false, codec: .scalar())
  }

  public init(_ help: String, example: Value) {
    self.init(example, help, isRequired: true, codec: .scalar())
  }
}

extension Parameter where Value: ParameterScalar & Comparable {
  public init(wrappedValue: Value, _ help: String, in bounds: Bounds<Value>) {
    self.init(wrappedValue, help, isRequired: false, codec: .scalar(in: bounds))
  }

  public init(wrappedValue: Value, _ help: String, in range: ClosedRange<Value>) {
    self.init(wrappedValue: wrappedValue, help, in: Bounds(lower: range.lowerBound, upper: range.upperBound))
  }

  public init(wrappedValue: Value, _ help: String, in range: PartialRangeFrom<Value>) {
    self.init(wrappedValue: wrappedValue, help, in: Bounds(lower: range.lowerBound))
  }

  /// A half-open range: the upper bound itself is refused.
  public init(wrappedValue: Value, _ help: String, in range: Range<Value>) {
    self.init(
      wrappedValue: wrappedValue, help,
      in: Bounds(lower: range.lowerBound, upper: range.upperBound, upperIsIncluded: false))
  }

  public init(_ help: String, in range: PartialRangeFrom<Value>, example: Value) {
    self.init(example, help, isRequired: true, codec: .scalar(in: Bounds(lower: range.lowerBound)))
  }

  public init(_ help: String, in bounds: Bounds<Value>, example: Value) {
    self.init(example, help, isRequired: true, codec: .scalar(in: bounds))
  }
}

extension Parameter {
  /// A list of numbers or texts, such as a shape or widths.
  public init<Element: ParameterScalar & Comparable>(
    wrappedValue: [Element], _ help: String, each range: PartialRangeFrom<Element>
  ) where Value == [Element] {
    self.init(
      wrappedValue, help, isRequired: false,
      codec: ParameterCodec<Element>.scalar(in: Bounds(lower: range.lowerBound)).list)
  }

  public init<Element: ParameterScalar & Comparable>(
    wrappedValue: [Element], _ help: String, each range: ClosedRange<Element>
  ) where Value == [Element] {
    self.init(
      wrappedValue, help, isRequired: false,
      codec: ParameterCodec<Element>.scalar(in: Bounds(lower: range.lowerBound, upper: range.upperBound)).list)
  }

  public init<Element: ParameterScalar & Comparable>(
    _ help: String, each range: PartialRangeFrom<Element>, example: [Element]
  ) where Value == [Element] {
    self.init(
      example, help, isRequired: true, codec: ParameterCodec<Element>.scalar(in: Bounds(lower: range.lowerBound)).list)
  }

  public init<Element: ParameterScalar>(wrappedValue: [Element], _ help: String) where Value == [Element] {
    self.init(wrappedValue, help, isRequired: false, codec: ParameterCodec<Element>.scalar().list)
  }

  /// A number or text that may be absent.
  public init<Scalar: ParameterScalar & Comparable>(
    wrappedValue: Scalar?, _ help: String, in range: PartialRangeFrom<Scalar>
  ) where Value == Scalar? {
    self.init(
      wrappedValue, help, isRequired: false,
      codec: ParameterCodec<Scalar>.scalar(in: Bounds(lower: range.lowerBound)).optional)
  }

  public init<Scalar: ParameterScalar>(wrappedValue: Scalar?, _ help: String) where Value == Scalar? {
    self.init(wrappedValue, help, isRequired: false, codec: ParameterCodec<Scalar>.scalar().optional)
  }
}

extension Parameter where Value: ParameterChoice {
  /// One of a few words.
  public init(wrappedValue: Value, _ help: String) {
    self.init(wrappedValue, help, isRequired: false, codec: .choice())
  }
}

extension Parameter {
  /// A nested part. `component` upcasts it: `Parameter(wrappedValue: part, help, kind: .layer) { $0 }`.
  public init(
    wrappedValue: Value, _ help: String, kind: Kind<Value>, component: @escaping @Sendable (Value) -> any Component
  ) {
    self.init(wrappedValue, help, isRequired: false, codec: .part(kind, component))
  }

  /// A nested part that must be given.
  public init(
    _ help: String, kind: Kind<Value>, example: Value, component: @escaping @Sendable (Value) -> any Component
  ) {
    self.init(example, help, isRequired: true, codec: .part(kind, component))
  }

  /// A nested part that may be absent.
  public init<Part: Sendable>(
    wrappedValue: Part?, _ help: String, kind: Kind<Part>, component: @escaping @Sendable (Part) -> any Component
  ) where Value == Part? {
    self.init(wrappedValue, help, isRequired: false, codec: ParameterCodec<Part>.part(kind, component).optional)
  }

  /// Nested parts in order.
  public init<Part: Sendable>(
    wrappedValue: [Part], _ help: String, kind: Kind<Part>, component: @escaping @Sendable (Part) -> any Component
  ) where Value == [Part] {
    self.init(wrappedValue, help, isRequired: false, codec: ParameterCodec<Part>.part(kind, component).list)
  }

  /// Nested parts in order, at least one of which must be given.
  public init<Part: Sendable>(
    _ help: String, kind: Kind<Part>, example: [Part], component: @escaping @Sendable (Part) -> any Component
  ) where Value == [Part] {
    self.init(example, help, isRequired: true, codec: ParameterCodec<Part>.part(kind, component).list)
  }
}
