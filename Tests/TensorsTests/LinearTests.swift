internal import Foundation
internal import Tensors
internal import Testing

/// Linear layers in every precision and on every path against sums in double precision of the values that are multiplied.
@Suite struct LinearTests {
  struct Extents: Sendable, CustomTestStringConvertible {
    let rows: Int
    let inputs: Int
    let outputs: Int

    var testDescription: String { "\(rows) x \(inputs) to \(outputs)" }
  }

  // Around tiles of 6 x 16 and 6 x 64, words of 1, 2 and 4 values, and runs of 256 floats.
  static let extents = [
    Extents(rows: 1, inputs: 1, outputs: 1), Extents(rows: 5, inputs: 7, outputs: 15),
    Extents(rows: 6, inputs: 72, outputs: 64), Extents(rows: 7, inputs: 255, outputs: 65),
    Extents(rows: 13, inputs: 257, outputs: 130), Extents(rows: 64, inputs: 588, outputs: 80),
    Extents(rows: 9, inputs: 1030, outputs: 333),
  ]

  /// A layer with random weights, and its input in the precision of the layer.
  struct Sample {
    let layer: PackedLinear
    let input: Activations
    let start: [Float]
    /// What the layer makes of the input, from the values that both really hold.
    let expected: [[Double]]

    init(_ extents: Extents, _ precision: Precision, zero: Activations.Zero, _ kernels: Kernels) {
      var noise = Noise(seed: UInt64(extents.inputs))
      let weights = Weights(
        shape: [extents.outputs, extents.inputs], values: noise.floats(extents.outputs * extents.inputs))
      let bias = noise.floats(extents.outputs)
      let packed = PackedLinear(
        weights: weights, bias: Weights(shape: [extents.outputs], values: bias), precision: precision)
      let values = noise.floats(extents.rows * extents.inputs).map { zero == .belowGELU ? max($0, -0.17) : $0 }
      let rounded = Activations(
        rows: extents.rows, columns: extents.inputs, precision: precision == .int8 ? .bf16 : precision)
      kernels.convert(Matrix(rows: extents.rows, columns: extents.inputs, values: values), into: rounded)
      if precision == .int8 {
        input = Activations(rows: extents.rows, columns: extents.inputs, precision: .int8, zero: zero)
        kernels.quantize(rounded, into: input)
      } else {
        input = rounded
      }
      start = noise.floats(extents.rows * extents.outputs)
      let stored = (0..<extents.outputs).map { output in
        (0..<extents.inputs).map { Double(packed.weight(output: output, input: $0)) }
      }
      layer = packed
      expected = TensorsTests.rows(input.values, columns: extents.inputs).map { row in
        stored.indices.map { zip(stored[$0], row).reduce(Double(bias[$0])) { $0 + $1.0 * $1.1 } }
      }
    }

    /// Of a sum of `inputs` products below 1 that are rounded to 2^-24 of what they add up to.
    var tolerance: Double { 1e-6 * Double(layer.inputCount).squareRoot() + 1e-6 }
  }

  @Test(arguments: extents, Precision.allCases)
  func `layers agree, with and without what was there`(extents: Extents, precision: Precision) {
    for kernels in KernelTests.kernels {
      for zero in precision == .int8 ? [Activations.Zero.middle, .belowGELU] : [.middle] {
        let sample = Sample(extents, precision, zero: zero, kernels)
        let output = Matrix(rows: extents.rows, columns: extents.outputs, values: sample.start)
        kernels.apply(sample.layer, to: sample.input, into: output, adding: true)
        let sums = zip(sample.expected, rows(sample.start, columns: extents.outputs)).map { zip($0, $1).map(+) }
        #expect(largestDifference(output.values, sums) < sample.tolerance, "\(kernels.path)")
        kernels.apply(sample.layer, to: sample.input, into: output)
        #expect(largestDifference(output.values, sample.expected) < sample.tolerance, "\(kernels.path)")
      }
    }
  }

  @Test(arguments: extents, Precision.allCases)
  func `a GELU follows, and results are rounded to bfloat16 if wanted`(extents: Extents, precision: Precision) {
    for kernels in KernelTests.kernels {
      let sample = Sample(extents, precision, zero: .middle, kernels)
      let gelu = sample.expected.map { $0.map(Reference.gelu) }
      let floats = Activations(rows: extents.rows, columns: extents.outputs, precision: .fp32)
      kernels.apply(sample.layer, to: sample.input, into: floats, throughGELU: true)
      #expect(largestDifference(floats.values, gelu) < 2 * sample.tolerance, "\(kernels.path)")
      let rounded = Activations(rows: extents.rows, columns: extents.outputs, precision: .bf16)
      kernels.apply(sample.layer, to: sample.input, into: rounded)
      for (value, reference) in zip(rounded.values, sample.expected.flatMap { $0 }) {
        #expect(abs(Double(value) - reference) <= abs(reference) / 256 + sample.tolerance, "\(kernels.path)")
      }
    }
  }

  @Test func `a GELU of 8-bit sums is right from far below to far above zero, and nothing is below the shift`() {
    // One weight of 1 and one input a row: what the layer makes is the input, which its scale holds exactly.
    let magnitudes = (0...400).map { Float($0) / 40 } + [30, 1e3, 3e6, 1e20]
    let inputs = magnitudes + magnitudes.map { -$0 }
    for kernels in KernelTests.kernels {
      for outputs in [1, 64] {
        let layer = PackedLinear(
          weights: Weights(shape: [outputs, 1], values: [Float](repeating: 1, count: outputs)),
          bias: Weights(shape: [outputs], values: [Float](repeating: 0, count: outputs)), precision: .int8)
        let rounded = Activations(rows: inputs.count, columns: 1, precision: .bf16)
        kernels.convert(Matrix(rows: inputs.count, columns: 1, values: inputs), into: rounded)
        let input = Activations(rows: inputs.count, columns: 1, precision: .int8)
        kernels.quantize(rounded, into: input)
        let output = Activations(rows: inputs.count, columns: outputs, precision: .bf16)
        kernels.apply(layer, to: input, into: output, throughGELU: true)
        for (row, value) in zip(rows(output.values, columns: outputs), rounded.values) {
          let reference = Reference.gelu(Double(value))
          for result in row {
            #expect(abs(Double(result) - reference) <= 1e-4 + abs(reference) / 250, "\(value), \(kernels.path)")
            #expect(Float(result) > -Activations.geluShift, "\(value), \(kernels.path)")
          }
        }
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func `paths agree to the bit`(precision: Precision) {
    // Below AVX2 nothing is fused.
    let fused = KernelTests.kernels.filter { $0.path != .portable }
    let extents = Extents(rows: 13, inputs: 1030, outputs: 130)
    let outputs = fused.map { kernels in
      let sample = Sample(extents, precision, zero: .middle, kernels)
      let outputs = [Precision.fp32, .bf16].map { precision in
        let output = Activations(rows: extents.rows, columns: extents.outputs, precision: precision)
        kernels.apply(sample.layer, to: sample.input, into: output, throughGELU: true)
        return output.values
      }
      return outputs.joined().map(\.bitPattern)
    }
    for output in outputs { #expect(output == outputs[0]) }
  }

  @Test func `rows do not depend on what is computed with them`() {
    let extents = Extents(rows: 29, inputs: 333, outputs: 130)
    for kernels in KernelTests.kernels {
      for precision in Precision.allCases {
        let sample = Sample(extents, precision, zero: .middle, kernels)
        let whole = Matrix(rows: extents.rows, columns: extents.outputs)
        kernels.apply(sample.layer, to: sample.input, into: whole)
        let parts = Matrix(rows: extents.rows, columns: extents.outputs)
        for rows in [0..<1, 1..<8, 8..<20, 20..<29] {
          kernels.apply(sample.layer, to: sample.input.rows(rows), into: parts.rows(rows))
        }
        #expect(parts.values == whole.values, "\(precision), \(kernels.path)")
      }
    }
  }
}
