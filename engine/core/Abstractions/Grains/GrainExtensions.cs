namespace Orleans;

/// <summary>What can be asked of a grain, an observer, or a reference to either.</summary>
public static class GrainExtensions
{
    /// <summary>A reference to the same grain, typed as another interface of it.</summary>
    /// <typeparam name="TGrainInterface">The interface.</typeparam>
    /// <param name="grain">The grain itself or a reference to it.</param>
    public static TGrainInterface AsReference<TGrainInterface>(this IAddressable grain) =>
        (TGrainInterface)ReferenceTo(grain).Shared.Factory.Create(GetGrainId(grain), typeof(TGrainInterface));

    /// <summary>A reference to the same grain, typed as another interface of it.</summary>
    /// <typeparam name="TGrainInterface">The interface.</typeparam>
    /// <param name="grain">The grain itself or a reference to it.</param>
    public static TGrainInterface Cast<TGrainInterface>(this IAddressable grain) => AsReference<TGrainInterface>(grain);

    /// <summary>The grain's identity.</summary>
    /// <param name="grain">The grain itself or a reference to it.</param>
    public static GrainId GetGrainId(this IAddressable grain) => grain switch
    {
        GrainReference reference => reference.GrainId,
        IGrainBase { GrainContext: { } context } => context.GrainId,
        null => throw new ArgumentNullException(nameof(grain)),
        _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference to one, so it has no identity in the cluster.", nameof(grain)),
    };

    /// <summary>The string that names the grain.</summary>
    /// <param name="grain">The grain itself or a reference to it.</param>
    public static string GetPrimaryKeyString(this IAddressable grain) => GetGrainId(grain).Key.ToString()!;

    private static GrainReference ReferenceTo(IAddressable grain) => grain switch
    {
        GrainReference reference => reference,
        IGrainBase { GrainContext: { } context } => context.GrainReference,
        null => throw new ArgumentNullException(nameof(grain)),
        _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a reference to one. For an observer use {nameof(IGrainFactory)}.{nameof(IGrainFactory.CreateObjectReference)}.", nameof(grain)),
    };
}
