namespace OrleansCache.Tests.Entries;

/// <summary>An exact LRU cache, with which the index is compared.</summary>
internal sealed class ExactLru(int capacity)
{
    private readonly LinkedList<int> _order = new();
    private readonly Dictionary<int, LinkedListNode<int>> _entries = [];

    /// <summary>Looks an entry up, and adds it if it is missing.</summary>
    /// <returns>Whether it was present.</returns>
    public bool Use(int entry)
    {
        if (_entries.TryGetValue(entry, out var node))
        {
            _order.Remove(node);
            _order.AddFirst(node);
            return true;
        }

        if (_entries.Count == capacity)
        {
            _entries.Remove(_order.Last!.Value);
            _order.RemoveLast();
        }

        _entries[entry] = _order.AddFirst(entry);
        return false;
    }
}
