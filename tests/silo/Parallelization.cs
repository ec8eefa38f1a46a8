// Each of these tests starts processes; several at once would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
