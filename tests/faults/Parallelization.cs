// Each test puts as much load on its cluster as a small machine bears: two at once would be a fault that neither of them is about.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
