using System.Globalization;

namespace OrleansCache.Client;

/// <summary>Says to an author whose edit lost what was expected, what is there, and what to do.</summary>
internal static class EditConflict
{
    public static EditConflictException Of(Edit edit, RowVersion current) =>
        new($"\"{edit.Key}\" was not changed: {Expected(edit)}, but {There(current)}. Look it up, see whether your edit is still wanted, and then repeat it with what you found there as what is expected.", current);

    private static string Expected(Edit edit) => edit switch
    {
        { ExpectedVersion: 0 } => "no such book was expected",
        { ExpectedTag: { } tag } => string.Create(CultureInfo.InvariantCulture, $"version {edit.ExpectedVersion} with the tag {tag} was expected"),
        _ => string.Create(CultureInfo.InvariantCulture, $"version {edit.ExpectedVersion} was expected"),
    };

    // A removal has a version, too, and the answer does not say whether the last edit was one.
    private static string There(RowVersion current) => current == RowVersion.None
        ? "there has never been one"
        : string.Create(CultureInfo.InvariantCulture, $"its last edit made version {current.Version} with the tag {current.Tag}");
}
