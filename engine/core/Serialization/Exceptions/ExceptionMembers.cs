using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Orleans.Serialization;

namespace OrleansCache.Engine.Serialization;

/// <summary>What all exceptions are made of, and how it is put into one that was made on this side.</summary>
internal static class ExceptionMembers
{
    /// <summary>The members of <see cref="Exception"/>, as the first level of any exception type.</summary>
    public static Member<T>[] Of<T>()
        where T : Exception
    {
        List<Member<T>> members =
        [
            Member<T, string>(0, nameof(Exception.Message), (ref e) => e.Message, (ref e, v) => Message(e) = v),
            Member<T, string>(1, nameof(Exception.StackTrace), (ref e) => e.StackTrace, (ref e, v) => SetStackTrace(e, v)),
            Member<T, Exception>(2, nameof(Exception.InnerException), (ref e) => e.InnerException, (ref e, v) => InnerException(e) = v),
            Member<T, int>(3, nameof(Exception.HResult), (ref e) => e.HResult, (ref e, v) => e.HResult = v),
            Member<T, Dictionary<object, object?>>(4, nameof(Exception.Data), (ref e) => GetData(e), (ref e, v) => SetData(e, v)),
        ];
        if (typeof(T) == typeof(UnavailableExceptionFallbackException))
        {
            members.Add(Member<T, string>(
                5,
                nameof(UnavailableExceptionFallbackException.ExceptionType),
                (ref e) => ((UnavailableExceptionFallbackException)(Exception)e).ExceptionType,
                (ref e, v) => ((UnavailableExceptionFallbackException)(Exception)e).ExceptionType = v));
        }

        return [.. members];
    }

    public static Dictionary<object, object?>? GetData(Exception exception)
    {
        if (exception.Data.Count == 0)
            return null;
        var data = new Dictionary<object, object?>(exception.Data.Count);
        foreach (System.Collections.DictionaryEntry entry in exception.Data)
            data.Add(entry.Key, entry.Value);
        return data;
    }

    public static void SetData(Exception exception, Dictionary<object, object?>? data)
    {
        foreach (var (key, value) in data ?? [])
            exception.Data[key] = value;
    }

    public static void SetStackTrace(Exception exception, string? stackTrace)
    {
        if (stackTrace is not null)
            ExceptionDispatchInfo.SetRemoteStackTrace(exception, stackTrace);
    }

    /// <summary>The message as it was given to the constructor; properties of derived types may add to it.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    public static extern ref string? Message(Exception exception);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_innerException")]
    private static extern ref Exception? InnerException(Exception exception);

    private static Member<T, TMember> Member<T, TMember>(uint id, string name, Getter<T, TMember> get, Setter<T, TMember> set)
        where T : Exception =>
        new(id, new CodecPart(new CodecKey(typeof(TMember)), $"member {name} of {TypeText.Of(typeof(T))}"), get, set, immutable: true);
}
