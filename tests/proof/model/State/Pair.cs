using System.Runtime.CompilerServices;

namespace OrleansCache.Model.State;

/// <summary>Two values, stored inline, so that a world is one block of bytes that can be copied, packed and compared at once.</summary>
[InlineArray(2)]
internal struct Pair<T> where T : struct
{
    private T _first;
}
