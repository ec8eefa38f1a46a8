using System.Collections.Concurrent;

namespace OrleansCache.Engine.Tests.Support;

/// <summary>What a test shares with the grains of its cluster, whichever silo they are on: gates, notes and grain contexts, by name.</summary>
public sealed class Stage
{
    private readonly ConcurrentDictionary<string, Gate> _gates = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _notes = new();

    /// <summary>The contexts that grains have left here, by key: a test deactivates a grain from outside through them.</summary>
    public ConcurrentDictionary<string, IGrainContext> Contexts { get; } = new();

    /// <summary>The gate of that name; it is shut until somebody opens it.</summary>
    public Gate Gate(string name) => _gates.GetOrAdd(name, static _ => new Gate());

    /// <summary>Appends a note.</summary>
    public void Note(string name, string what) => _notes.GetOrAdd(name, static _ => new ConcurrentQueue<string>()).Enqueue(what);

    /// <summary>The notes of that name, oldest first.</summary>
    public IReadOnlyList<string> Notes(string name) => _notes.TryGetValue(name, out var notes) ? [.. notes] : [];

    /// <summary>Waits until there are at least that many notes of that name.</summary>
    public Task WaitForNotesAsync(string name, int count) =>
        Until.TrueAsync(() => Notes(name).Count >= count, () => $"{count} notes of '{name}', there are: {string.Join(", ", Notes(name))}");
}
