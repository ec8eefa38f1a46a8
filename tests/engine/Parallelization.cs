// Most of these tests wait for something to come to pass, so more of them run at a time than there are cores.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
