using System.Reflection;

namespace OrleansCache.Metadata.Tests.Reading;

/// <summary>What code of other assemblies sees.</summary>
internal static class Visibility
{
    public static bool IsVisible(TypeAttributes type) =>
        (type & TypeAttributes.VisibilityMask) is TypeAttributes.Public or TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem;

    /// <summary>public, protected, or nothing for what is not visible.</summary>
    public static string Of(MethodAttributes method) => (method & MethodAttributes.MemberAccessMask) switch
    {
        MethodAttributes.Public => "public",
        MethodAttributes.Family or MethodAttributes.FamORAssem => "protected",
        _ => "",
    };

    /// <inheritdoc cref="Of(MethodAttributes)"/>
    public static string Of(FieldAttributes field) => (field & FieldAttributes.FieldAccessMask) switch
    {
        FieldAttributes.Public => "public",
        FieldAttributes.Family or FieldAttributes.FamORAssem => "protected",
        _ => "",
    };
}
