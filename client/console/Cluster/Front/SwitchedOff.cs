namespace OrleansCache.Cli.Cluster;

/// <summary>
/// The processes of a cluster that nobody but the page starts again: those that were ended on purpose, from there, and those that have
/// ended and are not restarted. Safe for concurrent use.
/// </summary>
internal sealed class SwitchedOff
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TaskCompletionSource> _off = [];

    /// <summary>Whether any process is switched off.</summary>
    public bool Any
    {
        get
        {
            lock (_lock)
                return _off.Count > 0;
        }
    }

    /// <summary>Notes that a process is about to be ended, or has ended.</summary>
    public void Add(string name)
    {
        lock (_lock)
            _off.TryAdd(name, new(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>Notes that a process runs again.</summary>
    public void Remove(string name)
    {
        TaskCompletionSource? back;
        lock (_lock)
            _off.Remove(name, out back);
        back?.SetResult();
    }

    /// <summary>Whether a process is switched off.</summary>
    public bool Contains(string name)
    {
        lock (_lock)
            return _off.ContainsKey(name);
    }

    /// <summary>Waits until a process that is switched off runs again.</summary>
    public Task BackAsync(string name, CancellationToken ending)
    {
        lock (_lock)
            return _off.TryGetValue(name, out var back) ? back.Task.WaitAsync(ending) : Task.CompletedTask;
    }
}
