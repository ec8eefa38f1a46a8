namespace OrleansCache.Client.Import;

/// <summary>
/// A key in the column named key. Most are written without their prefix by people, and with it by exports; a key of another kind, which has
/// no such prefix, begins with <c>::</c>.
/// </summary>
internal static class KeyField
{
    private const string NoPrefix = "::";

    /// <summary>The key of a field.</summary>
    /// <exception cref="InvalidKeyException">It is invalid.</exception>
    public static string Read(string text) =>
        text.StartsWith(NoPrefix, StringComparison.Ordinal) ? BookKey.Of(text[NoPrefix.Length..]) : BookKey.OfName(text);

    /// <summary>The field from which <see cref="Read"/> gets a key.</summary>
    public static string Write(string key) =>
        FieldText.Write(key.StartsWith(BookKey.Prefix, StringComparison.Ordinal) ? key : NoPrefix + key);
}
