// Each test loads its cluster as much as a small machine allows: two at once would fail each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
