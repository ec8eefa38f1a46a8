using System.Runtime.CompilerServices;

namespace OrleansCache.Model.State;

/// <summary>
/// Two of a kind, laid out in place so that a whole world is one block of bytes that can be copied, packed and compared at once.
/// </summary>
[InlineArray(2)]
internal struct Pair<T> where T : struct
{
    private T _first;
}
