import DICOMCore
import Foundation
import PixelTransforms
import Testing

/// PS3.3 C.11.2.1.2 and C.11.2.1.3 against frames whose modality values are the inputs.
struct VOIWindowTests {
  /// One worked example: the last integer input that is ymin, the first that is ymax, and one between.
  struct Example: Sendable, CustomTestStringConvertible {
    let center: Double
    let width: Double
    let function: VOILUTFunction
    let lastBlack: Double
    let firstWhite: Double
    var between: (x: Double, y: Double)?
    var testDescription: String { "\(function.rawValue) c=\(center) w=\(width)" }
  }

  static let examples = [
    Example(
      center: 2048, width: 4096, function: .linear, lastBlack: 0, firstWhite: 4096, between: (1000, 1000 / 4095.0)),
    Example(center: 2048, width: 1, function: .linear, lastBlack: 2047, firstWhite: 2048),
    Example(center: 0, width: 100, function: .linear, lastBlack: -50, firstWhite: 50, between: (10, 10.5 / 99 + 0.5)),
    Example(center: 0, width: 1, function: .linear, lastBlack: -1, firstWhite: 0),
    Example(
      center: 2048, width: 4096, function: .linearExact, lastBlack: 0, firstWhite: 4097, between: (1024, 0.25)),
    Example(center: 2048, width: 1, function: .linearExact, lastBlack: 2047, firstWhite: 2049, between: (2048, 0.5)),
    Example(center: 0, width: 100, function: .linearExact, lastBlack: -50, firstWhite: 51, between: (10, 0.6)),
    Example(center: 0, width: 1, function: .linearExact, lastBlack: -1, firstWhite: 1, between: (0, 0.5)),
  ]

  @Test("the worked examples of the standard", arguments: examples)
  func workedExamples(_ example: Example) throws {
    func display(_ x: Double) throws -> Float {
      let dataSet = Samples.windowed(
        center: "\(example.center)", width: "\(example.width)", function: example.function.rawValue, slope: "1",
        intercept: "\(x - 1)")
      return try Samples.display(Samples.gray([1]), dataSet).values[0]
    }
    #expect(try display(example.lastBlack - 1) == 0)
    #expect(try display(example.lastBlack) == 0)
    #expect(try display(example.firstWhite) == 1)
    #expect(try display(example.firstWhite + 1) == 1)
    #expect(try display(example.lastBlack + 1) > 0)
    if let (x, y) = example.between { #expect(try display(x) == Float(y)) }
  }

  @Test("a sigmoid follows its formula and is never cut off", arguments: [(0.0, 100.0), (40, 350), (600.5, 0.25)])
  func sigmoid(center: Double, width: Double) throws {
    let dataSet = Samples.windowed(center: "\(center)", width: "\(width)", function: "SIGMOID")
    let stored = [0, 40, 100, 600, 601, 4095]
    let image = try Samples.display(Samples.gray(stored), dataSet)
    for (x, value) in zip(stored, image.values) {
      #expect(value == Float(1 / (1 + exp(-4 * (Double(x) - center) / width))))
    }
    let channel = try #require(image.steps.params("voi-window")?["channels"]?.array?.first?.object)
    #expect(channel["clipped_below"] == 0 && channel["clipped_above"] == 0)
  }

  @Test("every window agrees with the formulas done slowly", arguments: VOILUTFunction.allCases, 0..<6)
  func agreesWithReference(function: VOILUTFunction, seed: Int) throws {
    let center = Double(Samples.noise(seed, below: 6000) - 1500) / 2
    let width = Double(Samples.noise(seed + 100, below: 4000) + 2) / 2
    let slope = Double(Samples.noise(seed + 200, below: 30) + 1) / 8
    let stored = (0..<500).map { Samples.noise($0 + 1000 * seed, below: 4096) - 2048 }
    let dataSet = Samples.windowed(
      center: "\(center)", width: "\(width)", function: function.rawValue, slope: "\(slope)", intercept: "-24.5")
    let image = try Samples.display(Samples.gray(stored, rows: 20, stored: 12, signed: true), dataSet)
    let window = VOIWindow(center: center, width: width, function: function)
    for (value, x) in zip(image.values, stored) {
      #expect(value == Float(Reference.display(Double(x) * slope - 24.5, window)))
    }
  }

  @Test(
    "a width the function does not allow costs the window, not the image",
    arguments: [
      (VOILUTFunction.linear, 0.999), (.linear, 0), (.linear, -5), (.linearExact, 0), (.linearExact, -1), (.sigmoid, 0),
    ])
  func widthTooSmall(function: VOILUTFunction, width: Double) throws {
    let dataSet = Samples.windowed(center: "40", width: "\(width)", function: function.rawValue)
    let image = try Samples.display(Samples.gray([1, 2, 5]), dataSet)
    #expect(image.values == [0, 0.25, 1])
    let problem = PixelTransformError.windowWidth(width, function: function)
    #expect(image.steps.params("voi-min-max")?["because"] == .string("window not used: \(problem)"))
    #expect(image.steps.flatMap(\.warnings).map(\.code) == [.windowUnusable])
  }

  @Test("of several windows the first is used, whatever the others hold")
  func firstOfSeveral() throws {
    let first = try Samples.display(Samples.gray([0, 30, 60]), Samples.windowed(center: "30", width: "61"))
    let several = try Samples.display(
      Samples.gray([0, 30, 60]), Samples.windowed(center: "30\\400\\ x", width: "61\\0\\2000"))
    #expect(first.values == several.values)
    #expect(several.steps.params("voi-window")?["available"] == 3)
    #expect(several.steps.params("voi-window")?["index"] == 0)
  }

  @Test("without a window the frame's own range is used, and said so")
  func minMax() throws {
    let image = try Samples.display(Samples.gray([100, 150, 300]))
    #expect(image.values == [0, 0.25, 1])
    let params = try #require(image.steps.params("voi-min-max"))
    #expect(params["source"] == "min-max" && params["min"] == .number(100) && params["max"] == .number(300))
    #expect(params["because"] == "no window in the instance" && params["constant"] == false)
  }

  @Test("half a window is no window")
  func incompleteWindow() throws {
    var dataSet = DataSet()
    dataSet.set(.windowCenter, .ds, "40")
    dataSet.setEmpty(.windowWidth, .ds)
    let image = try Samples.display(Samples.gray([0, 10]), dataSet)
    #expect(image.values == [0, 1])
    #expect(image.steps.params("voi-min-max")?["because"] == "window incomplete in the instance")
    #expect(image.steps.flatMap(\.warnings).map(\.code) == [.windowUnusable])
  }

  @Test("a constant frame is black, not a division by zero")
  func constantFrame() throws {
    let image = try Samples.display(Samples.gray([7, 7, 7, 7], rows: 2))
    #expect(image.values == [0, 0, 0, 0])
    #expect(image.steps.params("voi-min-max")?["constant"] == true)
  }

  @Test("pixels outside the window are counted, pixels on its ends are not")
  func clippingCounts() throws {
    // LINEAR, center 50.5, width 101: the ramp goes from 0 to 100.
    let dataSet = Samples.windowed(center: "50.5", width: "101", slope: "1", intercept: "-10")
    let image = try Samples.display(Samples.gray([0, 0, 9, 10, 50, 110, 111, 500]), dataSet)
    let channel = try #require(image.steps.params("voi-window")?["channels"]?.array?.first?.object)
    #expect(channel["clipped_below"] == 3 && channel["clipped_above"] == 2)
  }

  @Test(
    "an unknown function or a window that is no number is left out, and the record names the attribute",
    arguments: [
      ("1", "2", "CUBIC", "(0028,1056)"), ("1A", "2", "LINEAR", "(0028,1050)"), ("1", "nan", "LINEAR", "(0028,1051)"),
      ("inf", "2", "LINEAR", "(0028,1050)"), ("1,5", "2", "LINEAR", "(0028,1050)"),
      ("0", "2,", "SIGMOID", "(0028,1051)"),
    ])
  func malformed(center: String, width: String, function: String, attribute: String) throws {
    let image = try Samples.display(
      Samples.gray([10, 15, 20]), Samples.windowed(center: center, width: width, function: function))
    #expect(image.values == [0, 0.5, 1])
    let warning = try #require(image.steps.flatMap(\.warnings).first)
    #expect(warning.code == .windowUnusable && warning.text.contains(attribute))
    // Free text of the file stays out: it may hold anything.
    #expect(!warning.text.contains(center + "A") && !warning.text.contains("CUBIC") && !warning.text.contains("1A"))
  }
}
