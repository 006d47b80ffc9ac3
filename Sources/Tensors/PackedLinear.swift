internal import CKernels

/// A linear layer, y = x·wᵀ + b, in the order in which kernels read it.
///
/// The bytes depend on the values, the precision and ``layoutVersion`` alone, not on the processor: panels of 64 outputs,
/// each a word of every output for the first inputs, then for the next ones, with four bytes a word; then the bias, and for
/// int8 the scale and the sum of the stored values, of every output, padded with zeros to whole panels. Numbers are stored in
/// the order of bytes of the machine.
///
/// Safe to share: nobody writes to the bytes, and the owner, a mapped file or a copy, lives as long as they do.
@safe
package struct PackedLinear: @unchecked Sendable {
  /// Changes whenever the same values are packed into other bytes.
  package static let layoutVersion = 1
  /// What the address of the bytes must be a multiple of.
  package static let alignment = AlignedMemory.alignment

  package let outputCount: Int
  package let inputCount: Int
  package let precision: Precision
  private let base: UnsafeRawPointer
  private let owner: AnyObject

  /// The length of a packed layer in bytes, a multiple of ``alignment``.
  package static func byteCount(outputs: Int, inputs: Int, precision: Precision) -> Int {
    let panels = panelCount(outputs)
    return panels * 4 * Int(CK_PANEL) * (ck_words(precision.format, inputs) + (precision == .int8 ? 3 : 1))
  }

  /// Packs weights into memory of their own.
  ///
  /// - Parameters:
  ///   - weights: `[out, in]`.
  ///   - bias: `[out]`.
  ///   - factors: `[in]`, which the columns of the weights are multiplied with; the input has to be divided by them.
  package init(weights: Weights, bias: Weights, factors: [Float]? = nil, precision: Precision) {
    let count = Self.byteCount(outputs: weights.rowCount, inputs: weights.columnCount, precision: precision)
    let memory = AlignedMemory(byteCount: count)
    unsafe Self.pack(weights, bias, factors, precision, into: memory.base)
    unsafe self.init(
      outputs: weights.rowCount, inputs: weights.columnCount, precision: precision, base: memory.base, owner: memory)
  }

  /// A layer that was packed into a file, at byte `offset` of it.
  ///
  /// - Precondition: The file has ``byteCount(outputs:inputs:precision:)`` bytes there, and `offset` is a multiple of
  ///   ``alignment``.
  package init(outputs: Int, inputs: Int, precision: Precision, in file: MappedFile, at offset: Int) {
    let count = Self.byteCount(outputs: outputs, inputs: inputs, precision: precision)
    precondition(offset >= 0 && offset % Self.alignment == 0 && offset + count <= file.count, "no layer at this place")
    unsafe self.init(
      outputs: outputs, inputs: inputs, precision: precision, base: file.address(of: offset), owner: file)
  }

  @unsafe private init(outputs: Int, inputs: Int, precision: Precision, base: UnsafeRawPointer, owner: AnyObject) {
    self.outputCount = outputs
    self.inputCount = inputs
    self.precision = precision
    unsafe self.base = base
    self.owner = owner
  }

  private static func panelCount(_ outputs: Int) -> Int { (outputs + Int(CK_PANEL) - 1) / Int(CK_PANEL) }

  /// Gives back the memory behind a layer in a mapped file; the kernels bring it back from there. A copy stays.
  package func releaseMemory() {
    guard let file = owner as? MappedFile, let offset = unsafe file.offset(of: base) else { return }
    file.release(offset..<offset + Self.byteCount(outputs: outputCount, inputs: inputCount, precision: precision))
  }

  /// Calls `body` with the packed bytes, to be written to a file.
  package func withBytes<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    let count = Self.byteCount(outputs: outputCount, inputs: inputCount, precision: precision)
    return try body(unsafe RawSpan(_unsafeStart: base, byteCount: count))
  }
}

// MARK: - Layout

extension PackedLinear {
  @unsafe private static func pack(
    _ weights: Weights, _ bias: Weights, _ factors: [Float]?, _ precision: Precision,
    into base: UnsafeMutableRawPointer
  ) {
    let (outputs, inputs) = (weights.rowCount, weights.columnCount)
    precondition(
      bias.count == outputs && (factors?.count ?? inputs) == inputs, "weights and bias do not belong together")
    let width = Int(CK_PANEL)
    let (steps, panels) = (ck_words(precision.format, inputs), panelCount(outputs))
    let words = unsafe base.assumingMemoryBound(to: Int32.self)
    let vectors = unsafe base.assumingMemoryBound(to: Float.self) + panels * width * steps
    for index in 0..<outputs { unsafe vectors[index] = bias.row(0)[index] }
    for panel in 0..<panels {
      let scales = unsafe vectors + (panels + panel) * width
      let sums = unsafe UnsafeMutableRawPointer(scales + panels * width).assumingMemoryBound(to: Int32.self)
      unsafe weights.withBase { values in
        unsafe (factors ?? []).withUnsafeBufferPointer { factors in
          unsafe ck_pack_panel(
            precision.format, values, outputs, inputs, panel * width, factors.isEmpty ? nil : factors.baseAddress,
            words + panel * width * steps, precision == .int8 ? scales : nil, precision == .int8 ? sums : nil)
        }
      }
    }
  }

  @unsafe var kernelLayer: ck_linear {
    let padded = Self.panelCount(outputCount) * Int(CK_PANEL)
    let vectors = unsafe base.assumingMemoryBound(to: Float.self) + padded * ck_words(precision.format, inputCount)
    let isInteger = precision == .int8
    return unsafe ck_linear(
      format: precision.format, inputs: inputCount, outputs: outputCount,
      panels: base.assumingMemoryBound(to: Int32.self), bias: vectors, scales: isInteger ? vectors + padded : nil,
      sums: isInteger ? UnsafeRawPointer(vectors + 2 * padded).assumingMemoryBound(to: Int32.self) : nil)
  }

  /// Sixteen words from `word` on, as floats.
  @inline(__always)
  func lanesOfWeights(at word: Int) -> SIMD16<Float> {
    unsafe base.loadUnaligned(fromByteOffset: 4 * word, as: SIMD16<Float>.self)
  }

  /// The value that a packed weight stands for.
  package func weight(output: Int, input: Int) -> Float {
    precondition((0..<outputCount).contains(output) && (0..<inputCount).contains(input), "a weight outside the layer")
    let (width, perWord) = (Int(CK_PANEL), ck_values_per_word(precision.format))
    let (panel, lane) = (output / width, output % width)
    let word = (panel * ck_words(precision.format, inputCount) + input / perWord) * width + lane
    let bits = unsafe base.load(fromByteOffset: 4 * word, as: UInt32.self)
    switch precision {
    case .fp32: return Float(bitPattern: bits)
    case .bf16: return Float(bitPattern: (bits >> (16 * UInt32(input % 2))) << 16)
    case .int8:
      let stored = Int8(truncatingIfNeeded: bits >> (8 * UInt32(input % 4)))
      return unsafe kernelLayer.scales[output] * Float(stored)
    }
  }
}
