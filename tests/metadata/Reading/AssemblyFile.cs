using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using OrleansCache.Metadata.Tests.Model;

namespace OrleansCache.Metadata.Tests.Reading;

/// <summary>An assembly on the disk, read without being loaded.</summary>
public sealed class AssemblyFile : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;
    private readonly SignatureNames _names;

    /// <summary>Opens the file.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="rename">What full names are to be replaced by; without it they stay.</param>
    public AssemblyFile(string path, Func<string, string>? rename = null)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
        _names = new SignatureNames(rename ?? (static name => name));
    }

    /// <summary>The types that other assemblies see.</summary>
    public IEnumerable<ApiType> Types => _reader.TypeDefinitions.Where(IsVisible).Select(handle => new TypeReading(_reader, _names).Read(handle));

    /// <summary>The types that this assembly says are in another one: name and assembly.</summary>
    public IEnumerable<KeyValuePair<string, string>> Forwards =>
        from handle in _reader.ExportedTypes
        let type = _reader.GetExportedType(handle)
        where type.IsForwarder && type.Implementation.Kind == HandleKind.AssemblyReference
        let target = _reader.GetAssemblyReference((AssemblyReferenceHandle)type.Implementation)
        select KeyValuePair.Create($"{_reader.GetString(type.Namespace)}.{_reader.GetString(type.Name)}", _reader.GetString(target.Name));

    /// <summary>The base types and interfaces that the types of this assembly derive from and implement, generic ones without arguments.</summary>
    public IEnumerable<string> Supertypes =>
        from handle in _reader.TypeDefinitions
        let type = _reader.GetTypeDefinition(handle)
        from super in type.GetInterfaceImplementations().Select(implementation => _reader.GetInterfaceImplementation(implementation).Interface).Append(type.BaseType)
        where !super.IsNil
        select _names.Name(_reader, super).Split('<')[0];

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private bool IsVisible(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        return Visibility.IsVisible(type.Attributes) && (type.GetDeclaringType() is not { IsNil: false } outer || IsVisible(outer));
    }
}
