extension SafetensorsFile {
  /// A tensor's numbers as Float32, row-major; those that Float32 cannot hold are rounded to its nearest.
  ///
  /// Throws if there is no tensor of this name.
  public func floats(of name: String) throws(SafetensorsError) -> [Float] {
    let entry = try entry(name)
    return switch entry.elementType {
    case .float64: numbers(entry, UInt64.self) { Float(Double(bitPattern: $0)) }
    case .float32: numbers(entry, UInt32.self) { Float(bitPattern: $0) }
    case .float16: numbers(entry, UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: numbers(entry, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .int64: numbers(entry, Int64.self) { Float($0) }
    case .int32: numbers(entry, Int32.self) { Float($0) }
    case .int16: numbers(entry, Int16.self) { Float($0) }
    case .int8: numbers(entry, Int8.self) { Float($0) }
    case .uint64: numbers(entry, UInt64.self) { Float($0) }
    case .uint32: numbers(entry, UInt32.self) { Float($0) }
    case .uint16: numbers(entry, UInt16.self) { Float($0) }
    case .uint8: numbers(entry, UInt8.self) { Float($0) }
    case .bool: numbers(entry, UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  /// A tensor's bytes as they are in the file, little-endian.
  ///
  /// Throws if there is no tensor of this name.
  public func bytes(of name: String) throws(SafetensorsError) -> [UInt8] { Array(data[try entry(name).range]) }

  private func entry(_ name: String) throws(SafetensorsError) -> Entry {
    guard let entry = tensor(named: name) else {
      throw SafetensorsError(.unknownTensor(name, candidates: tensors.map(\.name)))
    }
    return entry
  }

  private func numbers<Integer: FixedWidthInteger>(
    _ entry: Entry, _: Integer.Type, _ number: (Integer) -> Float
  ) -> [Float] {
    data.withUnsafeBytes { raw in
      stride(from: entry.range.lowerBound, to: entry.range.upperBound, by: entry.elementType.size).map {
        number(Integer(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: Integer.self)))
      }
    }
  }
}
