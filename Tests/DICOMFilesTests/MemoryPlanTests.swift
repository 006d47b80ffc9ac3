import DICOMFiles
import Testing

struct MemoryPlanTests {
  @Test(arguments: [1 << 30, 3 << 29, 1 << 31, 1 << 32, 1 << 36], [1, 2, 3, 8, 16, 64, 1024])
  func `the parts of the memory never add up to more than all of it`(memory: Int, threads: Int) {
    let plan = MemoryPlan(DecoderLimits(memory: memory, workers: threads))
    #expect(plan.total <= memory)
    #expect(plan.frames >= plan.largestFrame)
    #expect(plan.workers >= 2 && plan.workers <= max(2, threads))
    // What one file may take does not depend on how many are worked on at once.
    let alone = MemoryPlan(DecoderLimits(memory: memory, workers: 1))
    #expect(plan.largestFrame == alone.largestFrame && plan.objects == alone.objects)
  }

  @Test func `ordinary radiographs need not wait on a machine of many cores`() {
    let radiograph = 2500 * 2048 * 2
    for threads in [1, 2, 3] {
      #expect(MemoryPlan(DecoderLimits(workers: threads)).share / 2 > 3 * radiograph)
    }
    #expect(MemoryPlan(DecoderLimits(workers: 15)).workers == 15)
  }
}
