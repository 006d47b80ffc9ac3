internal import ArgumentParser
internal import DICOMCore
internal import Deidentification
internal import Foundation

/// Collects the lines that the detector of burned-in text has to judge, for its training.
struct TextCandidatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "text-candidates", abstract: "Collect candidate lines of text from drawn frames, to train with.",
    discussion: "DIRECTORY is one of Tests/Benchmarks/TextDetector/draw_frames.py; `candidates` and `patches` go there."
  )

  @Argument(help: "A folder with `list`: path, rows, columns, samples and bits of a frame in each line.")
  var directory: String

  func run() throws {
    let list = try String(contentsOfFile: directory + "/list", encoding: .utf8)
    var (text, patches) = ("", Data())
    for line in list.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      let numbers = words.dropFirst().compactMap { Int($0) }
      guard words.count == 5, numbers.count == 4 else { throw ValidationError("not a line of a list: \(line)") }
      let format = ImageFormat(
        rows: numbers[0], columns: numbers[1], samplesPerPixel: numbers[2],
        photometricInterpretation: numbers[2] == 3 ? .rgb : .monochrome2, bitsAllocated: numbers[3],
        bitsStored: numbers[3])
      let bytes = [UInt8](try Data(contentsOf: URL(filePath: words[0])))
      guard bytes.count == format.sampleCount * format.bytesPerSample else {
        throw ValidationError("\(words[0]) has \(bytes.count) bytes")
      }
      for found in BurnedInTextDetector().candidates(in: StoredFrame(format: format, bytes: bytes)) {
        let region = found.region
        let place = [region.column, region.row, region.width, region.height].map(String.init)
        let features = found.features.map { String(format: "%.4f", $0) }
        text += ([words[0]] + place + features).joined(separator: " ") + "\n"
        patches.append(contentsOf: found.patch.map { UInt8(bitPattern: Int8(($0 * 40).rounded())) })
      }
    }
    try text.write(toFile: directory + "/candidates", atomically: true, encoding: .utf8)
    try patches.write(to: URL(filePath: directory + "/patches"))
  }
}
