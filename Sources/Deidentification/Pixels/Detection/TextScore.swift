/// Whether a line of letters is text: a small network that was trained with drawn frames, see
/// `Tests/Benchmarks/TextDetector`.
///
/// Two stages: a gate judges by ``TextLine/Features`` alone, and for what passes, three convolutions look at the line's
/// ``LinePatch``, and a second network judges by both. All sums are made in a fixed order: the same line always gets
/// the same score.
struct TextScore {
  /// Scores are logits. From here on a line is text wherever it stands.
  static let certain: Float = 3.5
  /// From here on it is text where other text stands, and worth a note.
  static let possible: Float = 1.5

  static let shared = TextScore()

  private let gateThreshold: Float
  private let gate: (first: DenseLayer, last: DenseLayer)
  private let convolutions: [ConvolutionLayer]
  private let judge: (first: DenseLayer, last: DenseLayer)

  private init() {
    var reader = WeightReader(base64: TextWeights.base64)
    let features = TextLine.Features().normalized.count
    gateThreshold = TextWeights.gateThreshold
    gate = (reader.dense(16, features), reader.dense(1, 16))
    convolutions = [reader.convolution(8, 1), reader.convolution(16, 8), reader.convolution(24, 16)]
    judge = (reader.dense(32, 48 + features), reader.dense(1, 32))
  }

  /// - Parameter patches: Pictures of the line, asked for only if the gate opens; the best of them counts.
  /// - Returns: `nil` when the gate stays shut.
  func score(_ features: TextLine.Features, patches: () -> [LinePatch]) -> Float? {
    let inputs = features.normalized
    guard gate.last.apply(gate.first.apply(inputs).map { max(0, $0) })[0] > gateThreshold else { return nil }
    return patches().map { score($0, inputs) }.max()
  }

  private func score(_ patch: LinePatch, _ features: [Float]) -> Float {
    var map = FeatureMap(height: LinePatch.height, width: LinePatch.width, channels: 1, values: patch.values)
    for layer in convolutions { map = layer.apply(map) }
    let places = map.height * map.width
    var inputs = [Float](repeating: 0, count: 2 * map.channels)
    for place in 0..<places {
      for channel in 0..<map.channels {
        let value = map.values[place * map.channels + channel]
        inputs[channel] += value
        inputs[map.channels + channel] = max(inputs[map.channels + channel], value)
      }
    }
    for channel in 0..<map.channels { inputs[channel] /= Float(places) }
    return judge.last.apply(judge.first.apply(inputs + features).map { max(0, $0) })[0]
  }
}

/// Values by row, column and channel.
struct FeatureMap {
  let height: Int
  let width: Int
  let channels: Int
  var values: [Float]
}

/// Every output is a weighted sum of all inputs and a bias.
struct DenseLayer {
  /// Row by row, one row an output.
  let weights: [Float]
  let biases: [Float]

  func apply(_ inputs: [Float]) -> [Float] {
    biases.indices.map { row in
      var sum = biases[row]
      for column in inputs.indices { sum += weights[row * inputs.count + column] * inputs[column] }
      return sum
    }
  }
}

/// A convolution with windows of 3 x 3, every second place in both directions, zeros around, negative results cut off.
struct ConvolutionLayer {
  let inputs: Int
  let outputs: Int
  /// By row and column of the window, input and output.
  let weights: [Float]
  let biases: [Float]

  func apply(_ map: FeatureMap) -> FeatureMap {
    let (rows, columns) = ((map.height + 1) / 2, (map.width + 1) / 2)
    var result = [Float](repeating: 0, count: rows * columns * outputs)
    unsafe map.values.withUnsafeBufferPointer { source in
      unsafe weights.withUnsafeBufferPointer { weights in
        unsafe result.withUnsafeMutableBufferPointer { target in
          for place in 0..<rows * columns {
            let (row, column, first) = (place / columns, place % columns, place * outputs)
            for output in 0..<outputs { unsafe target[first + output] = biases[output] }
            for window in 0..<9 {
              let (y, x) = (2 * row + window / 3 - 1, 2 * column + window % 3 - 1)
              guard y >= 0, y < map.height, x >= 0, x < map.width else { continue }
              for input in 0..<inputs {
                let value = unsafe source[(y * map.width + x) * inputs + input]
                let kernel = (window * inputs + input) * outputs
                for output in 0..<outputs { unsafe target[first + output] += value * weights[kernel + output] }
              }
            }
            for output in 0..<outputs { unsafe target[first + output] = max(0, target[first + output]) }
          }
        }
      }
    }
    return FeatureMap(height: rows, width: columns, channels: outputs, values: result)
  }
}

/// Reads layers from the order in which training stores them: row by row, a 32-bit factor and signed bytes.
struct WeightReader {
  private let bytes: [UInt8]
  private var place = 0

  init(base64 text: String) {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var digits = [UInt32](repeating: 0, count: 256)
    for (value, letter) in alphabet.enumerated() { digits[Int(letter)] = UInt32(value) }
    var (bytes, bits, count) = ([UInt8](), UInt32(0), 0)
    for letter in text.utf8 where letter != UInt8(ascii: "=") && letter != UInt8(ascii: "\n") {
      bits = bits << 6 | digits[Int(letter)]
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    self.bytes = bytes
  }

  /// All weights have been read.
  var isAtEnd: Bool { place == bytes.count }

  mutating func row(_ count: Int) -> [Float] {
    let factor = Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) })
    let values = bytes[place + 4..<place + 4 + count].map { Float(Int8(bitPattern: $0)) * factor }
    place += 4 + count
    return values
  }

  mutating func dense(_ outputs: Int, _ inputs: Int) -> DenseLayer {
    let weights = (0..<outputs).flatMap { _ in row(inputs) }
    return DenseLayer(weights: weights, biases: row(outputs))
  }

  /// Training stores windows by output, input, row and column.
  mutating func convolution(_ outputs: Int, _ inputs: Int) -> ConvolutionLayer {
    let stored = (0..<outputs).map { _ in row(inputs * 9) }
    var weights = [Float](repeating: 0, count: 9 * inputs * outputs)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for window in 0..<9 {
          weights[(window * inputs + input) * outputs + output] = stored[output][input * 9 + window]
        }
      }
    }
    return ConvolutionLayer(inputs: inputs, outputs: outputs, weights: weights, biases: row(outputs))
  }
}
