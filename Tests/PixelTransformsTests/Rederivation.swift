import DICOMCore
import Foundation
import PixelTransforms
import Testing

/// Derives an encoder input from a record and stored values; LUT entries come from the file and are checked against
/// the digest in the record.
struct Rederivation {
  let steps: [ProcessingStep]
  /// Sample by sample, as the record's `stored-frame` orders them.
  let stored: [Int]
  /// The data set, for its LUT entries only.
  let tables: DataSet

  func tensor() throws -> [Float] {
    let frame = try #require(steps.params("stored-frame"))
    let rows = try #require(frame["rows"]?.integer)
    let columns = try #require(frame["columns"]?.integer)
    let isColor = frame["samples_per_pixel"]?.integer == 3
    let channels = isColor ? try colorChannels() : try grayChannels()
    let planes = try channels.map { try encoderPlane($0, rows: rows, columns: columns) }
    return planes.count == 1 ? planes[0] + planes[0] + planes[0] : planes.flatMap { $0 }
  }

  private func colorChannels() throws -> [[Float]] {
    let maximum = try #require(steps.params("color-samples")?["maximum"]?.number)
    return (0..<3).map { channel in
      stride(from: channel, to: stored.count, by: 3).map { Float(Double(stored[$0]) / maximum) }
    }
  }

  private func grayChannels() throws -> [[Float]] {
    let values = try stored.map(modalityValue)
    let isInverted = steps.params("polarity")?["inverted"] == true
    let voi = try #require(steps.first { $0.step.hasPrefix("voi-") })
    let channels = try #require(voi.params["channels"]?.array)
    return try channels.indices.map { index in
      let channel = try #require(channels[index].object)
      return try zip(stored, values).map { stored, value in
        if let padding = try paddingShown(stored, channel: index) { return padding }
        let shown = try displayValue(value, voi: voi, channel: channel)
        return Float(isInverted ? 1 - shown : shown)
      }
    }
  }

  private func modalityValue(_ stored: Int) throws -> Double {
    if let rescale = steps.params("modality-rescale") {
      let slope = try #require(rescale["slope"]?.number)
      return Double(stored) * slope + (try #require(rescale["intercept"]?.number))
    }
    guard let record = steps.params("modality-lut") else { return Double(stored) }
    return Double(try lookup(.modalityLUTSequence, record, Double(stored)))
  }

  private func displayValue(
    _ x: Double, voi: ProcessingStep, channel: [String: ParameterValue]
  ) throws -> Double {
    switch voi.step {
    case "voi-min-max":
      let low = try #require(voi.params["min"]?.number)
      let high = try #require(voi.params["max"]?.number)
      return (x - low) / (high - low)
    case "voi-percentiles":
      let low = try #require(voi.params["min"]?.number)
      let high = try #require(voi.params["max"]?.number)
      return min(1, max(0, (x - low) / (high - low)))
    case "voi-lut":
      let bits = try #require(voi.params["bits"]?.integer)
      return Double(try lookup(.voilutSequence, voi.params, x)) / Double((1 << bits) - 1)
    default:
      let function = try #require(channel["function"]?.text.flatMap(VOILUTFunction.init(rawValue:)))
      let center = try #require(channel["center"]?.number)
      let width = try #require(channel["width"]?.number)
      return Reference.display(x, VOIWindow(center: center, width: width, function: function))
    }
  }

  private func lookup(_ sequence: DICOMCore.Tag, _ record: [String: ParameterValue], _ x: Double) throws -> Int {
    let entries = try #require(tables.items(sequence).first?.integers(.lutData))
    let digest = ContentDigest(of: entries.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    #expect(record["lut_digest"]?.text == digest.description)
    let first = try #require(record["first_mapped"]?.integer)
    let index = Int(floor(x + 0.5)) - first
    return entries[min(entries.count - 1, max(0, index))]
  }

  private func paddingShown(_ stored: Int, channel: Int) throws -> Float? {
    guard let padding = steps.params("pixel-padding") else { return nil }
    let first = try #require(padding["first"]?.integer)
    let last = try #require(padding["last"]?.integer)
    guard (first...last).contains(stored) else { return nil }
    return Float(try #require(padding["shown_as"]?.array?[channel].number))
  }

  /// Pads, resizes in float32, cuts to 8 bits and normalises, as the four steps of the record say.
  private func encoderPlane(_ display: [Float], rows: Int, columns: Int) throws -> [Float] {
    let pad = try #require(steps.params("pad-to-square"))
    let side = try #require(pad["side"]?.integer)
    let (top, left) = (try #require(pad["top"]?.integer), try #require(pad["left"]?.integer))
    #expect(steps.params("resize")?["filter"] == "tf-bilinear" && steps.params("resize")?["antialias"] == false)
    #expect(steps.params("quantise")?["method"] == "truncate-8-bit")
    let size = try #require(steps.params("resize")?["to"]?.array?.first?.integer)
    var square = [Float](repeating: 0, count: side * side)
    for y in 0..<rows {
      for x in 0..<columns { square[(y + top) * side + x + left] = display[y * columns + x] * 255 }
    }
    let taps = (0..<size).map { index in
      let at = (Float(index) + 0.5) * (Float(side) / Float(size)) - 0.5
      return (max(0, Int(floor(at))), min(side - 1, Int(ceil(at))), at - floor(at))
    }
    return taps.flatMap { (y0, y1, fy) in
      taps.map { (x0, x1, fx) in
        let top = square[y0 * side + x0] + (square[y0 * side + x1] - square[y0 * side + x0]) * fx
        let bottom = square[y1 * side + x0] + (square[y1 * side + x1] - square[y1 * side + x0]) * fx
        let sample = UInt8(top + (bottom - top) * fy)
        return (Float(Double(sample) * (1.0 / 255)) - 0.5) / 0.5
      }
    }
  }
}
