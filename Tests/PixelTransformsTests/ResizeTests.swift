import DICOMCore
import PixelTransforms
import Tensors
import Testing

/// The default preset: zero-pad to a square, `tf.image.resize` bilinear without antialias, truncate to 8 bits.
struct ResizeTests {
  /// An 8-bit image without symmetry, so that swapped axes or flipped rows show.
  private func pixels(_ rows: Int, _ columns: Int) -> [Int] {
    (0..<rows).flatMap { y in (0..<columns).map { x in (y * 31 + x * 17 + y * x * 7) % 256 } }
  }

  /// The encoder input of an 8-bit image shown as it is, back in 8-bit steps; the three channels are equal.
  private func resized(_ values: [Int], rows: Int, size: Int) throws -> [Int] {
    let dataSet = Samples.windowed(center: "128", width: "256")
    let input = try PixelPipeline(window: .file, size: size)
      .encoderInput(frame: Samples.gray(values, rows: rows, allocated: 8), attributes: dataSet)
    #expect(input.tensor.shape == [3, size, size])
    let plane = input.tensor.values[..<(size * size)]
    #expect(Array(input.tensor.values[(size * size)..<(2 * size * size)]) == Array(plane))
    #expect(Array(input.tensor.values[(2 * size * size)...]) == Array(plane))
    return plane.map { Int((($0 * 0.5 + 0.5) * 255).rounded()) }
  }

  struct Recorded: Sendable, CustomTestStringConvertible {
    let rows: Int
    let columns: Int
    let size: Int
    let values: [Double]
    var testDescription: String { "\(rows) × \(columns) to \(size)" }
  }

  /// Recorded from PyTorch 2.7.1, `interpolate(mode="bilinear", align_corners=False, antialias=False)`, on the image
  /// above zero-padded to a square in NumPy.
  static let recorded = [
    Recorded(
      rows: 6, columns: 9, size: 5,
      values: [
        2.72, 14.96, 27.2, 39.44, 51.68, 47.36, 93.08, 138.8, 184.52, 179.04, 108.2, 176.6, 245, 57.4, 125.8, 169.04,
        45.08, 95.2, 186.28, 72.56, 0, 0, 0, 0, 0,
      ]),
    Recorded(
      rows: 9, columns: 6, size: 4,
      values: [
        12.1094, 59.4531, 107.5469, 0, 55.7031, 158.7344, 214.2656, 0, 99.2969, 34.0156, 120.9844, 0, 142.8906,
        101.2969, 139.7031, 0,
      ]),
    Recorded(
      rows: 6, columns: 9, size: 13,
      values: [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4.9290, 11.2663, 17.6036, 23.9408, 30.2781, 36.6154, 42.9527,
        49.2899, 55.6272, 61.9645, 68.3018, 73.2308, 7.1538, 17.1775, 30.0651, 42.9527, 55.8402, 68.7278, 81.6154,
        94.5030, 107.3905, 120.2781, 133.1657, 146.0533, 156.0769, 28.6154, 41.2485, 57.4911, 73.7337, 89.9763,
        106.2189, 122.4615, 138.7041, 154.9467, 171.1894, 187.4320, 203.6746, 216.3077, 50.0769, 65.3195, 84.9172,
        104.5148, 124.1124, 143.7101, 163.3077, 182.9053, 202.5030, 209.9822, 120.5148, 103.7574, 119.0000, 71.5385,
        89.3905, 112.3432, 135.2959, 158.2485, 181.2012, 204.1539, 172.5739, 171.2899, 180.6094, 80.8639, 62.9172,
        80.7692, 93.0000, 113.4615, 139.7692, 166.0769, 192.3846, 218.6923, 245.0000, 94.0769, 41.6154, 67.9231,
        94.2308, 120.5385, 141.0000, 114.4615, 137.5325, 167.1953, 196.8580, 117.4556, 78.9526, 108.6153, 83.7456,
        89.1716, 118.8344, 148.4971, 178.1598, 201.2308, 135.9231, 161.6036, 171.8994, 136.7515, 65.2485, 37.6746,
        70.6923, 103.7101, 136.7278, 162.1716, 127.0237, 137.3195, 163.0000, 143.0769, 168.9230, 147.6212, 17.2544,
        32.3077, 65.5385, 98.7692, 132.0000, 165.2307, 180.2839, 49.9171, 28.6154, 54.4615, 35.7692, 42.2308, 36.9053,
        4.3136, 8.0769, 16.3846, 24.6923, 33.0000, 41.3077, 45.0710, 12.4793, 7.1538, 13.6154, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      ]),
  ]

  /// Float32 coordinates move a value by less than this; a value that close to a step may be cut either way.
  private let slack = 0.002

  private func expect(_ found: [Int], truncated expected: [Double]) {
    #expect(found.count == expected.count)
    for (index, (step, value)) in zip(found, expected).enumerated() {
      let allowed = Int(max(0, value - slack))...Int(value + slack)
      #expect(allowed.contains(step), "at \(index): \(step) for \(value)")
    }
  }

  @Test("agrees with PyTorch's bilinear without antialias", arguments: recorded)
  func agreesWithPyTorch(_ image: Recorded) throws {
    let found = try resized(pixels(image.rows, image.columns), rows: image.rows, size: image.size)
    expect(found, truncated: image.values)
  }

  @Test(
    "agrees with the half-pixel formula in double precision",
    arguments: [
      (1, 1, 7), (1, 30, 8), (30, 1, 8), (61, 47, 14), (47, 61, 14), (40, 40, 60), (5, 4, 64), (200, 160, 24),
    ])
  func agreesWithReference(rows: Int, columns: Int, size: Int) throws {
    let values = pixels(rows, columns)
    let image = (0..<rows).map { y in (0..<columns).map { Double(values[y * columns + $0]) } }
    let expected = Reference.resize(Reference.padded(image), size: size).flatMap { $0 }
    expect(try resized(values, rows: rows, size: size), truncated: expected)
  }

  @Test("a square image of the output size passes unchanged, every 8-bit value exact")
  func identity() throws {
    let values = (0..<256).map { $0 }
    #expect(try resized(values, rows: 16, size: 16) == values)
  }

  @Test("an odd difference puts the smaller half first, and padding is -1 in the tensor")
  func padding() throws {
    let dataSet = Samples.windowed(center: "128", width: "256")
    let white = [Int](repeating: 255, count: 5 * 2)
    let input = try PixelPipeline(window: .file, size: 5)
      .encoderInput(frame: Samples.gray(white, rows: 5, allocated: 8), attributes: dataSet)
    let row: [Float] = [-1, 1, 1, -1, -1]
    #expect(Array(input.tensor.values[..<25]) == row + row + row + row + row)
    let params = try #require(input.steps.params("pad-to-square"))
    #expect(params["left"] == 1 && params["right"] == 2 && params["top"] == 0 && params["side"] == 5)
  }

  @Test("values between two 8-bit steps are cut, as the published evaluation does")
  func truncation() throws {
    // 4 × 4 to 2 × 2 averages 2 × 2 blocks: 10.75, 254.75, 0.5 and 255.
    let values = [10, 11, 255, 255, 11, 11, 255, 254, 0, 1, 255, 255, 0, 1, 255, 255]
    #expect(try resized(values, rows: 4, size: 2) == [10, 254, 0, 255])
  }

  @Test("a size that is no size is an error", arguments: [0, -1, 5000, Int.max])
  func size(_ size: Int) {
    #expect(throws: PixelTransformError.outputSize(size)) {
      try PixelPipeline(size: size).encoderInput(frame: Samples.gray([1]), attributes: DataSet())
    }
  }
}
