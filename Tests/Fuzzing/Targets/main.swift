internal import Foundation
internal import Glibc

/// libFuzzer's driver; called from here because an executable of the package has a `main` of its own.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ target: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

// fuzz --answers FOLDER FILE...: writes what a decoder child answers about the files, as seeds.
if CommandLine.arguments.dropFirst().first == "--answers" {
  let folder = CommandLine.arguments[2]
  for path in CommandLine.arguments.dropFirst(3) {
    for (index, answer) in FuzzTarget.answers(about: path).enumerated() {
      let name = path.split(separator: "/").suffix(2).joined(separator: "-")
      try Data(answer).write(to: URL(filePath: "\(folder)/\(name)-\(index)"))
    }
  }
  exit(0)
}

_ = FuzzTarget.chosen
var count = CommandLine.argc
var arguments = unsafe CommandLine.unsafeArgv
exit(
  unsafe runFuzzer(&count, &arguments) { data, size in
    FuzzTarget.chosen.run(unsafe Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
  })
