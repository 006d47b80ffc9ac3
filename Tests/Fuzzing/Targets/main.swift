internal import Glibc

/// libFuzzer's driver; called from here because an executable of the package has a `main` of its own.
@_silgen_name("LLVMFuzzerRunDriver")
func runFuzzer(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ target: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

_ = FuzzTarget.chosen
var count = CommandLine.argc
var arguments = unsafe CommandLine.unsafeArgv
exit(
  unsafe runFuzzer(&count, &arguments) { data, size in
    unsafe Scratch.write(UnsafeRawBufferPointer(start: data, count: size))
    FuzzTarget.chosen.run(path: Scratch.path)
    return 0
  })
