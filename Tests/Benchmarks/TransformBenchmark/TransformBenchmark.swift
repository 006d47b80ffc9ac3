import DICOMCore
import DICOMFiles
import PixelTransforms

/// Times decoding and transformation of one file, one job a line of standard input, so that another program can alternate
/// with it: `transform PRESET SIZE`, `both PRESET SIZE`, `digests`. Answers in milliseconds, one line a job.
@main
enum TransformBenchmark {
  static func main() throws {
    // As the command itself does.
    FreedMemory.keep()
    guard CommandLine.arguments.count == 2 else { throw Misuse.arguments }
    let path = CommandLine.arguments[1]
    var file = try DICOMFile(path: path)
    let (frame, dataSet) = (try file.frame(0), file.header.dataSet)
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      let elapsed = try ContinuousClock().measure {
        switch words.first {
        case "transform":
          _ = try pipeline(words).encoderInput(frame: frame, attributes: dataSet)
        case "both":
          var file = try DICOMFile(path: path)
          let frame = try file.frame(0)
          _ = try pipeline(words).encoderInput(frame: frame, attributes: file.header.dataSet)
        case "digests":
          _ = frame.pixelDigest
        default: throw Misuse.job
        }
      }
      // Written at once, for the other program waits for it.
      try Answer.write("\(elapsed / .microseconds(1) / 1000)\n")
    }
  }

  private static func pipeline(_ words: [String]) throws -> PixelPipeline {
    guard words.count == 3, let preset = ResizePreset(rawValue: words[1]), let size = Int(words[2]) else {
      throw Misuse.job
    }
    return PixelPipeline(window: preset.hasOwnWindows ? .automatic : .file, preset: preset, size: size)
  }

  enum Misuse: Error { case arguments, job }
}
