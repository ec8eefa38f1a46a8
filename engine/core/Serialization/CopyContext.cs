using System.Runtime.CompilerServices;

namespace OrleansCache.Engine.Serialization;

/// <summary>What was copied so far, so that one object met twice is copied once. Begin with <c>default</c>; one context for all arguments of a call.</summary>
internal ref struct CopyContext
{
    private const int InlineCount = 8;

    private Objects _originals;
    private Objects _copies;
    private int _count;
    private int _depth;
    private Dictionary<object, object>? _many;

    /// <summary>The copy made before of this object.</summary>
    public readonly bool TryGet<T>(T original, out T copy)
        where T : class
    {
        for (var i = 0; i < _count; i++)
        {
            if (ReferenceEquals(_originals[i], original))
            {
                copy = (T)_copies[i]!;
                return true;
            }
        }

        var found = _many?.GetValueOrDefault(original);
        copy = (T)found!;
        return found is not null;
    }

    /// <summary>Remembers a copy. As early as possible: the members of the original may lead back to it.</summary>
    public void Add(object original, object copy)
    {
        if (_count == InlineCount)
        {
            (_many ??= new Dictionary<object, object>(ReferenceEqualityComparer.Instance)).Add(original, copy);
            return;
        }

        _originals[_count] = original;
        _copies[_count++] = copy;
    }

    /// <summary>Goes one level deeper, and refuses to go deeper than a message could.</summary>
    public void Enter()
    {
        if (++_depth > WireWriter.MaxDepth)
            throw new Orleans.Serialization.SerializerException($"The value nests deeper than {WireWriter.MaxDepth} levels. Send flatter data: lists instead of chains.");
    }

    public void Leave() => _depth--;

    [InlineArray(InlineCount)]
    private struct Objects
    {
        private object? _first;
    }
}
