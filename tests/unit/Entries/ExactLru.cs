namespace OrleansCache.Tests.Entries;

/// <summary>Least recently used by the book: the oracle that the index is held against.</summary>
internal sealed class ExactLru(int capacity)
{
    private readonly LinkedList<int> _order = new();
    private readonly Dictionary<int, LinkedListNode<int>> _entries = [];

    /// <summary>Looks an entry up and puts it in when it is not there.</summary>
    /// <returns>Whether it was there.</returns>
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
