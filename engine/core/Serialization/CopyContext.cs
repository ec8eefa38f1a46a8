namespace OrleansCache.Engine.Serialization;

/// <summary>What was copied so far, so that one object met twice is copied once. Begin with <c>default</c>; one context for all arguments of a call.</summary>
internal ref struct CopyContext
{
    private Dictionary<object, object>? _copies;

    /// <summary>The copy made before of this object.</summary>
    public readonly bool TryGet<T>(T original, out T? copy)
        where T : class
    {
        if (_copies is not null && _copies.TryGetValue(original, out var found))
        {
            copy = (T)found;
            return true;
        }

        copy = null;
        return false;
    }

    /// <summary>Remembers a copy, before its members are copied: they may lead back to it.</summary>
    public void Add(object original, object copy) => (_copies ??= new Dictionary<object, object>(ReferenceEqualityComparer.Instance)).Add(original, copy);
}
